import { expect, test } from "vitest";
import { last, random } from "../../src/base";
import { sgd } from "../../src/optim";
import { LowRankRNN } from "../../src/models";
import { lossAndGradient } from "../../src/run";
import { gram, matmul, tensor, transpose, zeros, type Matrix, type Params, type Tensor3 } from "../../src/tensor";
import { overlapDescent, overlapFlow, overlapParams, type LinearLowRankParams } from "../../src/theory";
import { networkObjective, train } from "../../src/train";
import { close } from "../support/close";
import { draw, sweep, type Draw } from "../support/sweep";

function problem(d: Draw, { units = 40, rank = 2, trials = 3, steps = 12, biased = true } = {}) {
  const shared = {
    m: d.normal([units, rank], 0.7 / Math.sqrt(units)),
    n: d.normal([units, rank], 0.7 / Math.sqrt(units)),
    wIn: d.normal([units, 2], 1 / Math.sqrt(units)),
    readout: d.normal([1, units], 1 / Math.sqrt(units)),
    x0: d.normal([trials, units], 0.3 / Math.sqrt(units)),
  };
  const params: LinearLowRankParams = biased
    ? { ...shared, bias: d.normal([units], 0.2 / Math.sqrt(units)), readoutBias: d.normal([1], 0.1) }
    : shared;
  const task = { inputs: d.normal([trials, steps, 2]) as Tensor3, targets: d.normal([trials, steps, 1]) as Tensor3 };
  return { params, task, model: new LowRankRNN(params as never, { phi: "identity" }) };
}

test("loss and every gradient are those of the whole network", () =>
  sweep((d) => {
    const { params, task, model } = problem(d, {
      units: d.int(6, 20),
      rank: d.int(1, 3),
      trials: d.int(1, 4),
      biased: d.int(0, 1) === 1,
    });
    const [before, after] = overlapDescent(params, task, { alpha: 0.2, rate: 1, steps: 1 }),
      { loss, gradients } = lossAndGradient(model, task, { dt: 0.2 });
    expect(Math.abs(before.loss / loss - 1)).toBeLessThan(1e-12);
    const moved = overlapParams(params, after); // one step at rate 1: the difference is the gradient
    for (const [name, p] of Object.entries(params)) {
      const step = (moved[name as keyof LinearLowRankParams]!.data as Float64Array).map((x, i) => p.data[i] - x),
        g = (gradients as unknown as Params)[name]!.data;
      step.forEach((x, i) => expect(Math.abs(x - g[i]), name).toBeLessThan(1e-12));
    }
  }, 15));

test("a thousand updates told by overlaps agree with " +
  "full training: " +
  "losses to 1e-8, overlaps and parameters too", async () => {
  const { params, task, model } = problem(draw(7)),
    rate = 0.1;
  const reduced = [...overlapDescent(params, task, { alpha: 0.1, rate, steps: 1000, every: 250 })];
  const full: { readonly loss: number; readonly params: Params }[] = [];
  for await (const now of train(networkObjective(model, task, { dt: 0.1 }), params as unknown as Params, {
    optimizer: sgd(rate),
    steps: 1000,
    every: 250,
  }))
    full.push(now);
  expect(full.at(-1)!.loss).toBeLessThan(0.9 * full[0].loss); // it learns, so there is something to agree on
  reduced.forEach((state, k) => expect(Math.abs(state.loss / full[k].loss - 1)).toBeLessThan(1e-8));
  const end = full.at(-1)!.params,
    told = overlapParams(params, reduced.at(-1)!);
  for (const name of ["m", "n", "wIn", "readout", "x0", "bias", "readoutBias"] as const)
    close(told[name]!, end[name]!, 1e-9);
  close(matmul(transpose(told.m), told.m), gram(end.m as never), 1e-9);
}, 120_000);

test("the flow is the limit of small steps, at first order: half the rate, half the distance", () => {
  const { params, task } = problem(draw(3)),
    time = 8;
  const flow = [...overlapFlow(params, task, { alpha: 0.1, step: 0.05, steps: time / 0.05, every: time / 0.05 })].at(
    -1,
  )!;
  const finer = [...overlapFlow(params, task, { alpha: 0.1, step: 0.1, steps: time / 0.1, every: time / 0.1 })].at(-1)!;
  // the Runge-Kutta error is far below what is measured
  expect(Math.abs(flow.loss / finer.loss - 1)).toBeLessThan(1e-9);
  const distances = [0.4, 0.2, 0.1].map((rate) =>
    Math.abs(
      [...overlapDescent(params, task, { alpha: 0.1, rate, steps: time / rate, every: time / rate })].at(-1)!.loss -
        flow.loss,
    ),
  );
  for (const k of [0, 1]) {
    expect(distances[k] / distances[k + 1]).toBeGreaterThan(1.9);
    expect(distances[k] / distances[k + 1]).toBeLessThan(2.1);
  }
});

test("wrong calls are refused", async () => {
  const { params, task } = problem(draw(1)),
    options = { alpha: 0.1, rate: 0.1 };
  const first = (p: LinearLowRankParams, t = task, o = options) => overlapDescent(p, t, o).next();
  expect(() => first({ ...params, n: zeros([40, 3]) })).toThrow(
    "overlapDescent: expected params.n of shape (40 × 2), got (40 × 3)",
  );
  expect(() => first({ ...params, wIn: zeros([39, 2]) })).toThrow(
    "expected params.wIn for 40 units, as params.m, got 39",
  );
  expect(() => first(params, { ...task, targets: zeros([3, 12, 2]) })).toThrow("targets of shape (3 × 12 × 1)");
  expect(() => first({ ...params, x0: tensor([2, 40], new Float64Array(80)) })).toThrow(
    "expected 1 or 3 rows of params.x0, got 2",
  );
  expect(() => first(params, task, { ...options, rate: 0 })).toThrow("rate");
  expect(() => overlapParams(params, { transform: zeros([3, 3]), readoutBias: zeros([1]) })).toThrow(
    "overlapParams: expected state.transform of shape (11 × 11), for these params, got (3 × 3)",
  );
});

test("a rate that is too large ends with status diverged, at the last state that is finite", async () => {
  const { params, task } = problem(draw(1));
  for (const run of [
    overlapDescent(params, task, { alpha: 0.1, rate: 1e6, steps: 1000, every: 7 }),
    overlapFlow(params, task, { alpha: 0.1, step: 1e6, steps: 1000, every: 7 }),
  ]) {
    const end = await last(run);
    expect(end.status).toBe("diverged");
    expect(Number.isFinite(end.loss)).toBe(true);
    expect(end.overlaps.data.every(Number.isFinite)).toBe(true);
  }
  expect((await last(overlapDescent(params, task, { alpha: 0.1, rate: 0.1, steps: 3 }))).status).toBe("exhausted");
});

test("a start whose loss overflows says so by its loss, and one whose overlaps do is refused", () => {
  const { normal } = random(5, "far overlaps"),
    draw = (rows: number, columns: number, size = 1): Matrix =>
      tensor(
        [rows, columns],
        Array.from({ length: rows * columns }, () => size * normal()),
      );
  const task = { inputs: tensor([1, 4, 1], [1, 0, 1, 0]), targets: tensor([1, 4, 1], [1, 1, 0, 0]) };
  const first = (size: number) =>
    overlapDescent({ m: draw(6, 2, size), n: draw(6, 2), wIn: draw(6, 1), readout: draw(1, 6), x0: draw(1, 6) }, task, {
      alpha: 0.1,
      rate: 0.01,
      steps: 3,
    }).next().value;
  expect(first(1e150)).toMatchObject({ status: "diverged", loss: Infinity });
  expect(() => first(1e160)).toThrow("overlapDescent: expected inner products of params within the range of doubles");
});
