import { expect, test } from "vitest";
import { last } from "../../src/base";
import { lossFrom, negativeBinomialLoss, type NegativeBinomialOptions } from "../../src/losses";
import { risingLog, risingLogs } from "../../src/losses/rising-log";
import { FullRankRNN } from "../../src/models";
import { lossAndGradient } from "../../src/run";
import { tensor, zeros, type Params, type Tensor3 } from "../../src/tensor";
import { networkObjective, train } from "../../src/train";
import { lbfgs } from "../../src/optim";
import { gradcheck } from "../support/gradcheck";
import { oracle } from "../support/oracle";
import { sweep, type Draw } from "../support/sweep";

const { sums, entries } = oracle("dispersed-counts");

test("sums of log(1 + s j) and s j / (1 + s j) are mpmath's differences of log gammas and digammas", () => {
  expect(sums.length).toBe(66);
  for (const { n, s, rising } of sums) {
    const [value, slope] = risingLog(n, s);
    // in the tail, integrals of size n are subtracted from each other
    for (const [got, want] of [
      [value, rising[0]],
      [slope, rising[1]],
    ])
      expect(Math.abs(got - want), `${n}, ${s}`).toBeLessThan(4e-15 * (Math.abs(want) + (n > 64 ? n : 0)) + 1e-30);
    expect(risingLogs(s)(n)).toEqual(risingLog(n, s));
  }
});

test("a learned loss is minus scipy's log likelihood less log count!, entry by entry", () => {
  for (const { n, mean, s, loss: want, scipy } of entries) {
    const loss = negativeBinomialLoss({ dispersion: "shared", logDispersion: [Math.log(s - 1e-10)], link: "exp" }),
      [value] = loss.entry(Math.log(mean), n);
    expect(Math.abs(value - want)).toBeLessThan(2e-13 * (1 + n));
    if (s > 1e-2) expect(Math.abs(value - scipy)).toBeLessThan(1e-7 * (1 + Math.abs(scipy)));
    // the slope in log s, by the compiled loss of one trial of one unit that stands still
    const model = FullRankRNN.random({ units: 1, inputs: 1, reads: "states" }, 1).with({
        params: { w: zeros([1, 1]), wIn: zeros([1, 1]), readoutBias: tensor([1], [Math.log(mean)]) },
      }),
      got = lossAndGradient(model, { inputs: zeros([1, 1, 1]), targets: tensor([1, 1, 1], [n]) }, { loss });
    expect(got.loss).toBeCloseTo(value, 10);
    const slope = entries.find((e: { n: number; mean: number; s: number }) => e.n === n && e.mean === mean && e.s === s)
      .slope as number;
    expect(Math.abs(got.customGradients!.logDispersion!.data[0] - slope)).toBeLessThan(1e-6 * (1 + Math.abs(slope)));
  }
});

const batchOf = (d: Draw, [trials, steps, outputs]: readonly [number, number, number]) => {
  const targets: Tensor3 = zeros([trials, steps, outputs]),
    mask: Tensor3 = zeros(targets.shape);
  targets.data.forEach((_, i) => {
    mask.data[i] = d.int(0, 4) === 0 ? 0 : 1;
    targets.data[i] = mask.data[i] === 0 && d.int(0, 1) ? NaN : d.int(0, 6) ** 2;
  });
  mask.data[0] = 1;
  targets.data[0] = 49;
  return { inputs: d.normal([trials, steps, 2]), targets, mask };
};

test("dispersions learned by neuron or together pass finite differences with all weights, in both precisions", () =>
  sweep((d) => {
    const shape = [d.int(1, 19), 4, d.int(1, 3)] as const,
      outputs = shape[2],
      model = FullRankRNN.random({ units: d.int(1, 5), inputs: 2, outputs }, d.seed),
      batch = batchOf(d, shape),
      dispersion = d.int(0, 1) ? "neuron" : "shared",
      start = Array.from(d.normal([dispersion === "neuron" ? outputs : 1]).data),
      lossOf = (logDispersion: readonly number[]) =>
        negativeBinomialLoss({
          dispersion,
          logDispersion,
          binWidth: 0.7,
          gain: 1.3,
          link: d.seed % 2 ? "exp" : "softplus",
        }),
      at = ({ logDispersion, ...params }: Params) =>
        lossAndGradient(model.with({ params }), batch, { loss: lossOf(Array.from(logDispersion!.data)) });
    const params: Params = { ...model.params, logDispersion: tensor([start.length], start) },
      got = at(params);
    expect(Object.keys(got.customGradients!)).toEqual(["logDispersion"]);
    // losses near 100 round off by more than the smallest gradients allow
    gradcheck((p) => at(p).loss, params, { ...got.gradients, ...got.customGradients } as Params, d.normal, 1e-6);
    const loss = lossOf(start),
      single = lossAndGradient(model, batch, { loss, precision: "float32" });
    expect(Math.abs(single.loss / got.loss - 1)).toBeLessThan(1e-4);
    const wanted = got.customGradients!.logDispersion!.data;
    single.customGradients!.logDispersion!.data.forEach((g, i) =>
      expect(Math.abs(g - wanted[i])).toBeLessThan(1e-4 * (1 + Math.abs(wanted[i]))),
    );
    const again = lossFrom(JSON.parse(JSON.stringify(loss.description)));
    expect(lossAndGradient(model, batch, { loss: again })).toEqual({ ...got, provenance: expect.anything() });
  }, 12));

test("with given dispersions the loss lacks a constant, and its gradients are those of learned ones", () =>
  sweep((d) => {
    const model = FullRankRNN.random({ units: 4, inputs: 2, outputs: 3 }, d.seed),
      batch = batchOf(d, [9, 4, 3]),
      logDispersion = Array.from(d.normal([3]).data),
      s = logDispersion.map((x) => 1e-10 + Math.exp(x)),
      learned = lossAndGradient(model, batch, { loss: negativeBinomialLoss({ dispersion: "neuron", logDispersion }) }),
      given = lossAndGradient(model, batch, { loss: negativeBinomialLoss({ dispersion: s }) });
    let constant = 0,
      count = 0;
    batch.targets.data.forEach((n, i) => {
      if (batch.mask.data[i] === 0) return;
      constant += risingLog(n, s[i % 3])[0];
      count++;
    });
    expect(given.customGradients).toBeUndefined();
    expect(given.loss - constant / count).toBeCloseTo(learned.loss, 11);
    for (const [name, g] of Object.entries(given.gradients as Params))
      g!.data.forEach((x, i) => expect(x).toBeCloseTo((learned.gradients as Params)[name]!.data[i], 12));
    const one = lossAndGradient(model, batch, { loss: negativeBinomialLoss({ dispersion: 0.4 }) });
    expect(
      lossAndGradient(model, batch, { loss: negativeBinomialLoss({ dispersion: [0.4, 0.4, 0.4] }) }).loss,
    ).toBeCloseTo(one.loss, 13);
  }, 5));

test("a network trains the dispersions of its loss where they are among what starts", async () => {
  const model = FullRankRNN.random({ units: 3, inputs: 1, outputs: 2 }, 4),
    targets: Tensor3 = {
      shape: [8, 5, 2],
      data: Float64Array.from({ length: 80 }, (_, i) => (i % 7 === 0 ? 9 : i % 3)),
    },
    loss = negativeBinomialLoss({ dispersion: "neuron", logDispersion: [-2, -2] }),
    objective = networkObjective(model, { inputs: zeros([8, 5, 1]), targets }, { loss });
  const { readoutBias = zeros([2]) } = model.params,
    end = await last(
      train(objective, { logDispersion: tensor([2], [-2, -2]), bias: zeros([3]) } as Params, {
        optimizer: lbfgs(),
        steps: 30,
      }),
    );
  expect(readoutBias.shape).toEqual([2]);
  expect(end.params.logDispersion!.data.every((x) => x > -1.5)).toBe(true);
  const fixed = await last(train(objective, { bias: zeros([3]) } as Params, { optimizer: lbfgs(), steps: 30 }));
  expect(fixed.loss).toBeGreaterThan(end.loss);
});

test("wrong dispersions are refused", () => {
  const refused = (options: object, message: string) =>
    expect(() => negativeBinomialLoss(options as NegativeBinomialOptions)).toThrow(message);
  refused({ dispersion: "each" }, '"neuron" or "shared", got "each"');
  refused({ dispersion: [] }, "got an empty array");
  refused({ dispersion: [1, 0] }, "a list of such");
  refused({ dispersion: 1e11 }, "from 1e-10 to 10000000000");
  refused({ dispersion: 1, logDispersion: [0] }, "got dispersion 1. Leave logDispersion out");
  refused({ dispersion: "shared", logDispersion: [0, 1] }, "logDispersion of one number, got 2");
  refused({ dispersion: "neuron", logDispersion: [] }, "one for each output, got 0");
  refused({ dispersion: "neuron", logDispersion: [NaN] }, "logDispersion[0]");
  const model = FullRankRNN.random({ units: 3, inputs: 1, outputs: 2 }, 4),
    batch = { inputs: zeros([8, 5, 1]), targets: zeros([8, 5, 2]) };
  const loss = negativeBinomialLoss({ dispersion: "neuron" });
  expect(() => lossAndGradient(model, batch, { loss })).toThrow("one of the kind negativeBinomial with numbers for 1");
  const wrong = negativeBinomialLoss({ dispersion: [1, 2, 3] });
  expect(() => lossAndGradient(model, batch, { loss: wrong })).toThrow(
    "a loss with numbers for 2 outputs, got one of the kind negativeBinomial with numbers for 3",
  );
});
