import { expect, test } from "vitest";
import { fitLowTensorRank } from "../../src/fit";
import { kernelsFor } from "../../src/kernels";
import { expectedTargets, lossFrom, negativeBinomialLoss, poissonLoss, type EntryLoss } from "../../src/losses";
import { FullRankRNN } from "../../src/models";
import { lossAndGradient } from "../../src/run";
import { tensor, zeros, type Params, type Tensor3 } from "../../src/tensor";
import { close } from "../support/close";
import { gradcheck } from "../support/gradcheck";
import { oracle } from "../support/oracle";
import { draw, sweep } from "../support/sweep";

interface Case {
  readonly link: "softplus" | "exp";
  readonly binWidth: number;
  readonly dispersion: number;
  readonly z: number;
  readonly count: number;
  readonly loss: number;
  readonly slope: number;
  readonly scipy: number | null;
}
const { cases }: { readonly cases: readonly Case[] } = oracle("count-losses");

const lossOf = ({ dispersion, binWidth, link }: Pick<Case, "dispersion" | "binWidth" | "link">): EntryLoss =>
  dispersion === 0 ? poissonLoss({ binWidth, link }) : negativeBinomialLoss({ dispersion, binWidth, link });

/** The compiled loss and slope of one entry. */
function compiled({ compare }: EntryLoss, z: number, count: number): readonly [number, number] {
  const kernels = kernelsFor("float64"),
    { workspace } = kernels;
  return workspace.within(() => {
    const [outputs, targets, gradient, room] = [0, 0, 0, 0].map(() => workspace.take(64));
    workspace.f64.fill(z, outputs / 8, outputs / 8 + 8);
    workspace.f64.fill(Number.NaN, targets / 8, targets / 8 + 8);
    workspace.f64[targets / 8 + 3] = count;
    const sum = compare!({ kernels, outputs, targets, gradient, rows: 1, columns: 1, scale: 1, room });
    return [sum, workspace.f64[gradient / 8 + 3]];
  });
}

test("losses and slopes are those of scipy and mpmath, entry by entry and compiled", () => {
  expect(cases.length).toBeGreaterThan(400);
  for (const c of cases) {
    const loss = lossOf(c),
      name = JSON.stringify(c);
    // terms of this size are subtracted from each other; the kernels' functions err by a few units in the last place
    const mean = loss.mean!(c.z),
      size = Math.abs(c.loss) + mean + c.count,
      slopeSize = Math.abs(c.slope) + 1e-3 * (mean + c.count);
    for (const [value, slope] of [loss.entry(c.z, c.count), compiled(loss, c.z, c.count)]) {
      expect(Math.abs(value - c.loss), name).toBeLessThan(1e-14 * size + 1e-14 * Math.abs(c.count * c.z));
      if (c.scipy !== null) expect(Math.abs(value - c.scipy), name).toBeLessThan(1e-9 * Math.max(1, size));
      expect(Math.abs(slope - c.slope), name).toBeLessThan(3e-13 * slopeSize);
    }
  }
});

test(
  "the mean of counts and the output that expects them undo each other; " +
    "the information is the mean second derivative",
  () => {
    for (const link of ["softplus", "exp"] as const)
      for (const dispersion of [0, 0.3]) {
        const loss = lossOf({ link, binWidth: 0.05, dispersion });
        for (const mean of [1e-9, 1e-3, 0.2, 1, 40, 3000])
          expect(loss.mean!(loss.outputAt!(mean)) / mean).toBeCloseTo(1, 12);
        for (const z of [-4, 0.5, 3]) {
          // averaged over targets, slope² is the second derivative: to a sum over the counts that happen
          const mean = loss.mean!(z);
          let probability = dispersion === 0 ? Math.exp(-mean) : (1 + dispersion * mean) ** (-1 / dispersion),
            information = 0;
          for (let n = 0; n < 400; n++) {
            information += probability * loss.entry(z, n)[1] ** 2;
            probability *=
              dispersion === 0
                ? mean / (n + 1)
                : ((n + 1 / dispersion) / (n + 1)) * ((dispersion * mean) / (1 + dispersion * mean));
          }
          expect(loss.information!(z) / information).toBeCloseTo(1, 10);
        }
      }
  },
);

test("as the dispersion goes to 0, the negative binomial becomes Poisson", () => {
  const negative = negativeBinomialLoss({ dispersion: 1e-10, binWidth: 0.1 }),
    poisson = poissonLoss({ binWidth: 0.1 });
  for (const z of [-5, 0, 5, 50])
    for (const n of [0, 3]) {
      expect(negative.entry(z, n)[0]).toBeCloseTo(poisson.entry(z, n)[0], 7);
      expect(compiled(negative, z, n)[1]).toBeCloseTo(poisson.entry(z, n)[1], 7);
    }
});

test(
  "a negative binomial loss passes finite differences through a network, in " +
    "both precisions, and comes back from its description",
  () =>
    sweep((d) => {
      const units = d.int(1, 5),
        outputs = d.int(1, 3),
        trials = d.int(1, 19),
        model = FullRankRNN.random({ units, inputs: 2, outputs }, d.seed),
        shape = [trials, 4, outputs] as const;
      const targets: Tensor3 = zeros(shape);
      targets.data.forEach((_, i) => (targets.data[i] = d.int(0, 4)));
      const batch = { inputs: d.normal([trials, 4, 2]), targets },
        loss = negativeBinomialLoss({
          dispersion: 0.4,
          binWidth: 0.5,
          gain: 1.5,
          link: d.int(0, 1) ? "exp" : "softplus",
        }),
        got = lossAndGradient(model, batch, { loss });
      gradcheck(
        (params) => lossAndGradient(model.with({ params }), batch, { loss }).loss,
        model.params as Params,
        got.gradients as Params,
        d.normal,
      );
      const single = lossAndGradient(model, batch, { loss, precision: "float32" });
      expect(Math.abs(single.loss / got.loss - 1)).toBeLessThan(1e-5);
      const again = lossAndGradient(model, batch, { loss: lossFrom(JSON.parse(JSON.stringify(loss.description))) });
      expect(again.gradients).toEqual(got.gradients);
    }, 12),
);

test("what losses on counts expect, and what they refuse", async () => {
  const z = draw(1).normal([2, 3, 2]);
  close(
    expectedTargets(z, poissonLoss({ link: "exp", binWidth: 0.5 })),
    { shape: z.shape, data: z.data.map((x) => 0.5 * Math.exp(x)) },
    1e-14,
  );
  expect(expectedTargets(z, "meanSquaredError")).toEqual(z);
  expect(() => negativeBinomialLoss({} as never)).toThrow(
    'negativeBinomialLoss: expected dispersion to be a number from 1e-10 to 10000000000, a list of such, "neuron" or',
  );
  expect(() => negativeBinomialLoss({ dispersion: 0 })).toThrow("got 0");
  const counts: Tensor3 = tensor([2, 2, 2], [0, 1, 2, 3, 0, 1, 2, 3]);
  const message = async (data: readonly number[], options = {}) => {
    try {
      await fitLowTensorRank(tensor([2, 2, 2], data), 1, {
        ...options,
        network: { units: 2 },
        training: { loss: "poisson", steps: 1, starts: 1 },
      });
    } catch (error) {
      return (error as Error).message;
    }
    return "accepted";
  };
  expect(await message([...counts.data])).toBe("accepted");
  expect(await message([0, 1, 2, -3, 0, 1, 2, 3])).toBe(
    "fitLowTensorRank: expected activity of counts, whole numbers of at least 0, where they are observed, " +
      "got -3 at index [0, 1, 1]. Pass spike counts per bin, not rates and " +
      "not smoothed, or take the mean squared error.",
  );
  expect(await message([0, 1, 2, 3, 0.5, 1, 2, 3])).toContain("got 0.5 at index [1, 0, 0]");
  const mask = tensor([2, 2, 2], [1, 1, 1, 1, 0, 1, 1, 1]),
    validation = tensor([2, 2, 2], [0, 0, 0, 0, 1, 0, 0, 0]);
  expect(await message([0, 1, 2, 3, 0.5, 1, 2, 3], { mask })).toBe("accepted"); // never read
  expect(await message([0, 1, 2, 3, 0.5, 1, 2, 3], { mask, validation })).toContain("got 0.5 at index [1, 0, 0]");
  const silent = tensor([2, 2, 2], [1, 0, 1, 0, 1, 0, 1, 0]);
  expect(await message([...counts.data], { mask: silent })).toContain("got none of neuron 1");
  expect(() =>
    lossAndGradient(
      FullRankRNN.random({ units: 2, inputs: 1 }, 1),
      {
        inputs: zeros([2, 2, 1]),
        targets: tensor([2, 2, 2], [0, 1, 2, 3, 0.5, 1, 2, 3]),
      },
      { loss: "poisson" },
    ),
  ).toThrow("lossAndGradient: expected targets of counts");
});
