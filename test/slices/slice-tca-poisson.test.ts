import { describe, expect, test } from "vitest";
import { LtrnnError, random } from "../../src/base";
import { crossValidate } from "../../src/select";
import {
  sliceTcaPoisson,
  sliceTcaPoissonSteps,
  sliceTcaRates,
  sliceTcaToTensor,
  type SliceRanks,
  type SliceTca,
} from "../../src/slices";
import { slicePoissonProblem } from "../../src/slices/slice-poisson-problem";
import { countTable } from "../../src/losses";
import { tensor, zeros, type Tensor } from "../../src/tensor";
import { draw as drawOf, type Draw } from "../support/sweep";

/** Counts of a random model of these ranks: rates around `level`. */
function planted(draw: Draw, shape: readonly number[], ranks: SliceRanks, level: number) {
  const components = ranks.map((rank, mode) => ({
    vectors: draw.normal([shape[mode], rank]),
    slices: draw.normal([rank, ...shape.filter((_, m) => m !== mode)], 0.6),
  }));
  const modulation = sliceTcaToTensor({ components: components as unknown as SliceTca["components"] }),
    { uniform } = random(draw.seed, "counts"),
    rates = { shape, data: modulation.data.map((m) => level * Math.exp(m)) };
  const poisson = (mean: number) => {
    let count = 0;
    for (let left = mean; left > 0; left -= 30)
      for (let p = uniform(), end = Math.exp(-Math.min(30, left)); p > end; p *= uniform()) count++;
    return count;
  };
  return { modulation, rates, x: { shape, data: rates.data.map(poisson) } };
}

const lossOf = (x: Tensor, rates: Tensor, over: (i: number) => boolean = () => true): number => {
  let sum = 0,
    count = 0;
  x.data.forEach((value, i) => {
    if (!over(i)) return;
    sum += rates.data[i] - value * Math.log(rates.data[i]);
    count++;
  });
  return sum / count;
};
const shape = [14, 12, 10] as const;

describe("sliceTcaPoisson", () => {
  test.each([
    { sizes: [4, 5, 3], ranks: [1, 2, 1] as const },
    { sizes: [3, 2, 4, 3], ranks: [1, 0, 1, 2] as const },
  ])("its gradient is that of the loss, by differences, with missing entries: $sizes", ({ sizes, ranks }) => {
    const draw = drawOf(1),
      { x } = planted(draw, sizes, [1, 1, 1, ...sizes.slice(3).map(() => 0)], 2),
      hidden = Uint8Array.from(x.data, () => (draw.uniform() < 0.2 ? 1 : 0)),
      counts = countTable("test", x, hidden, String),
      problem = slicePoissonProblem(counts, sizes, ranks, 0.3),
      at = Float64Array.from({ length: problem.variables }, () => 0.5 * draw.normal([1]).data[0]),
      { gradient } = problem.evaluate(at);
    gradient.forEach((g, i) => {
      const [above, below] = [1e-5, -1e-5].map((step) => {
        const moved = at.slice();
        moved[i] += step;
        return problem.evaluate(moved).loss;
      });
      expect((above - below) / 2e-5).toBeCloseTo(g, 7);
    });
  });
  test("finds planted rates far better than constant ones, and says the loss and the deviance of its rates", () => {
    for (const seed of [1, 2]) {
      const truth = planted(drawOf(seed), shape, [1, 0, 1], 5),
        found = sliceTcaPoisson(truth.x, [1, 0, 1], { seed, ridge: 0.1 }),
        rates = sliceTcaRates(found);
      expect(lossOf(truth.x, rates)).toBeCloseTo(found.loss, 12);
      const offsets = sliceTcaToTensor(found).data.map((m, i) => m + found.offsets.data[i % 10] - Math.log(5)),
        off = offsets.reduce((sum, m, i) => sum + (m - truth.modulation.data[i]) ** 2, 0),
        size = truth.modulation.data.reduce((sum, m) => sum + m * m, 0);
      expect(off / size).toBeLessThan(0.15);
      expect(found.status).toBe("converged");
      found.trace.slice(1).forEach((now, i) => expect(now).toBeLessThanOrEqual(found.trace[i]));
    }
  });
  test("does not read what is missing, and predicts hidden counts", () => {
    const draw = drawOf(3),
      truth = planted(draw, shape, [1, 0, 0], 5),
      mask = { shape, data: truth.x.data.map(() => (draw.uniform() < 0.2 ? 0 : 1)) },
      holed = { shape, data: truth.x.data.map((value, i) => (mask.data[i] ? value : NaN)) },
      found = sliceTcaPoisson(holed, [1, 0, 0], { mask, ridge: 0.3 }),
      none = sliceTcaPoisson(holed, [1, 0, 0], { mask, ridge: 1e9 }),
      isHidden = (i: number) => mask.data[i] === 0;
    expect(none.relativeDeviance).toBeGreaterThan(0.999);
    const [left, constant, best] = [sliceTcaRates(found), sliceTcaRates(none), truth.rates].map((rates) =>
      lossOf(truth.x, rates, isHidden),
    );
    expect((constant - left) / (constant - best)).toBeGreaterThan(0.7);
  });
  test("a result is a start, steps are those of the whole run, and one seed gives one result", () => {
    const { x } = planted(drawOf(4), shape, [1, 1, 0], 3),
      whole = sliceTcaPoisson(x, [1, 1, 0], { ridge: 0.2 }),
      steps = [...sliceTcaPoissonSteps(x, [1, 1, 0], { ridge: 0.2 })],
      again = sliceTcaPoisson(x, [1, 1, 0], { ridge: 0.2, start: structuredClone(whole) });
    expect(steps[steps.length - 1].components).toEqual(whole.components);
    expect(again.relativeDeviance).toBeLessThanOrEqual(whole.relativeDeviance + 1e-12);
    expect(again.steps).toBeLessThan(whole.steps);
    expect(sliceTcaPoisson(x, [1, 1, 0], { ridge: 0.2, starts: 2 }).starts).toHaveLength(2);
  });
  test("wrong calls are refused by name", () => {
    const { x } = planted(drawOf(5), [4, 5, 3], [1, 0, 0], 4),
      half = { shape: x.shape, data: x.data.map((value, i) => (i === 7 ? 0.5 : value)) };
    const refused = (work: () => unknown, text: string) => {
      expect(work).toThrow(LtrnnError);
      expect(work).toThrow(text);
    };
    refused(() => sliceTcaPoisson(half, [1, 0, 0]), "0.5 at index [0, 2, 1] of x");
    refused(() => sliceTcaPoisson(zeros([4, 5, 3]), [1, 0, 0]), "zeros alone from unit 0");
    refused(() => sliceTcaPoisson(x, [9, 0, 0]), "the rank of mode 0");
    refused(() => sliceTcaPoissonSteps(x, [1, 0, 0], { starts: 2 }), "one start");
    refused(() => sliceTcaRates({ ...sliceTcaPoisson(x, [1, 0, 0]), offsets: zeros([2]) }), "3 offsets, one per unit");
  });
});

describe("crossValidate over ranks of sliceTca", () => {
  const ranks = [
    [0, 0, 0],
    [1, 0, 0],
    [0, 0, 1],
    [1, 0, 1],
    [1, 1, 0],
    [2, 0, 1],
  ];
  const options = { folds: 4, boxes: { half: [0, 0, 0] as const } };
  test("chooses the planted ranks, and calls an edge of each kind by name", async () => {
    const draw = drawOf(2),
      { modulation } = planted(draw, [16, 14, 12], [1, 0, 1], 1),
      x = tensor(
        [16, 14, 12],
        Array.from(modulation.data, (m) => m + 0.2 * draw.normal([1]).data[0]),
      ),
      { choice, rows } = await crossValidate(x, { model: "sliceTca", axes: { rank: ranks } }, options);
    expect(rows.every(({ status }) => status !== "failed")).toBe(true);
    expect(choice).toMatchObject({ answer: "chosen", axes: { rank: [1, 0, 1] } });
    expect(choice?.edges.map(({ statement }) => statement)).toEqual([
      "rank in mode 2, 1 is an edge of the grid, the largest that was tried: try larger ones.",
    ]);
  });
  test("chooses the planted ranks of counts, and says no low rank of noise", async () => {
    const grid = { model: "sliceTca", axes: { rank: ranks.slice(0, 4) }, options: { loss: "poisson", ridge: 0.3 } },
      { x } = planted(drawOf(6), [12, 10, 8], [1, 0, 0], 4),
      found = await crossValidate(x, grid, { ...options, folds: 3 }),
      noise = await crossValidate(planted(drawOf(7), [8, 7, 6], [0, 0, 0], 4).x, grid, { ...options, folds: 3 });
    expect(found.choice).toMatchObject({ answer: "chosen", axes: { rank: [1, 0, 0] } });
    expect(noise.choice?.answer).toBe("no low rank");
  });
  test("options that the loss does not read, and ranks of another length, are refused", async () => {
    const x = zeros([4, 4, 4]);
    const of = (rank: unknown, more: object = {}) =>
      crossValidate(x, { model: "sliceTca", axes: { rank: [rank] }, options: { ...more } }, options);
    await expect(of([1, 0])).rejects.toThrow("axes.rank of three ranks");
    await expect(of([1, 0, 0], { ridge: 1 })).rejects.toThrow("no options.ridge with the loss gaussian");
    await expect(of([1, 0, 0], { loss: "poisson", sweeps: 3 })).rejects.toThrow("no options.sweeps");
  });
});
