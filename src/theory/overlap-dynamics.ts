import { checkAbove, checkWhole, fail, provenance, type Provenance } from "../base";
import {
  checkFinite,
  checkSameShape,
  checkTensor,
  gram,
  matmul,
  transpose,
  zeros,
  type Matrix,
  type Vector,
} from "../tensor";
import { overlapGradient, type OverlapBlocks, type OverlapTask } from "./overlap-gradient";

/** The arrays of a linear low-rank network, `W = m n'`: what LowRankRNN calls its params. */
export interface LinearLowRankParams {
  readonly m: Matrix;
  readonly n: Matrix;
  readonly wIn: Matrix;
  readonly readout: Matrix;
  readonly x0: Matrix;
  readonly bias?: Vector;
  readonly readoutBias?: Vector;
}

/** A state of learning told by overlaps alone: progress, result and checkpoint in one. Plain data. */
export interface OverlapState {
  /** updates made, or time of the flow */
  readonly time: number;
  /** half the mean squared error, at these overlaps */
  readonly loss: number;
  /** Z' Z (p × p) */
  readonly overlaps: Matrix;
  /** Z now is Z at the start times this (p × p) */
  readonly transform: Matrix;
  readonly readoutBias: Vector;
  readonly blocks: OverlapBlocks;
  readonly provenance: Provenance;
}

export interface OverlapOptions {
  /** dt / tau */
  readonly alpha: number;
  /** default 1000 */
  readonly steps?: number;
  /** updates between states; default 1 */
  readonly every?: number;
}

/**
 * Plain gradient descent on all arrays of a linear low-rank network, in overlaps alone. Its states and adjoints are combinations of the columns of `Z = [M, N, W_in, C', x_0, b]`, so every gradient is
 * `Z Gamma`, an update is `Z <- Z (I - rate Gamma)`, and Gamma needs no more of Z than the overlaps `Z' Z`: they are a closed system of their own, whatever the number of units.
 *
 * @param params - the network at the start
 * @param task - inputs (trials × time × inputs) and targets (trials × time × outputs); all entries are observed
 * @throws {@link LtrnnError} when shapes disagree or an entry is not finite
 * @remarks O(trials · time · p²) an update, p = 2 rank + inputs + outputs + rows of x0 + bias. Exact up to rounding.
 * @see docs/theory.md F1
 * @example [...overlapDescent({ m: zeros([9, 1]), n: zeros([9, 1]), wIn: zeros([9, 1]), readout: zeros([1, 9]), x0: zeros([1, 9]) }, { inputs: zeros([1, 3, 1]), targets: zeros([1, 3, 1]) }, { alpha: 0.1, rate: 0.1, steps: 2 })].length // 3
 */
export function* overlapDescent(
  params: LinearLowRankParams,
  task: OverlapTask,
  { rate, alpha, steps = 1000, every = 1 }: OverlapOptions & { readonly rate: number },
): Generator<OverlapState> {
  const where = "overlapDescent",
    start = prepare(where, params, task, { alpha, steps, every });
  checkAbove(where, "rate", rate, 0);
  const made = provenance(where, null, { alpha, rate, steps, every });
  let { overlaps, transform, readoutBias } = start;
  for (let step = 0; ; step++) {
    const { loss, gamma, dReadoutBias } = overlapGradient(overlaps, readoutBias, start.blocks, task, alpha);
    checkLoss(where, loss, step);
    if (step % every === 0 || step === steps)
      yield { time: step, loss, overlaps, transform, readoutBias, blocks: start.blocks, provenance: made };
    if (step === steps) return;
    const update = identityMinus(gamma, rate);
    overlaps = symmetric(matmul(matmul(transpose(update), overlaps), update));
    transform = matmul(transform, update);
    readoutBias = moved(readoutBias, dReadoutBias, params.readoutBias ? -rate : 0);
  }
}

/**
 * The small-step limit of {@link overlapDescent}: the gradient flow `dG/ds = -(Gamma' G + G Gamma)` of the overlaps G, by the classical Runge-Kutta method. Descent at rate r after s / r
 * updates is near the flow at time s, with an error of first order in r.
 *
 * `step` is that of the Runge-Kutta method, whose own error is of fourth order.
 *
 * @throws {@link LtrnnError} as overlapDescent
 * @see docs/theory.md F2
 * @example [...overlapFlow({ m: zeros([9, 1]), n: zeros([9, 1]), wIn: zeros([9, 1]), readout: zeros([1, 9]), x0: zeros([1, 9]) }, { inputs: zeros([1, 3, 1]), targets: zeros([1, 3, 1]) }, { alpha: 0.1, step: 0.1, steps: 2 })].length // 3
 */
export function* overlapFlow(
  params: LinearLowRankParams,
  task: OverlapTask,
  { step: h, alpha, steps = 1000, every = 1 }: OverlapOptions & { readonly step: number },
): Generator<OverlapState> {
  const where = "overlapFlow",
    start = prepare(where, params, task, { alpha, steps, every });
  checkAbove(where, "step", h, 0);
  const made = provenance(where, null, { alpha, step: h, steps, every });
  type Point = Pick<OverlapState, "overlaps" | "transform" | "readoutBias">;
  const slope = ({ overlaps, transform, readoutBias }: Point) => {
    const { loss, gamma, dReadoutBias } = overlapGradient(overlaps, readoutBias, start.blocks, task, alpha),
      half = matmul(overlaps, gamma),
      turned = transpose(half);
    const scale = (m: Matrix, by: number): Matrix => ({ shape: m.shape, data: m.data.map((x) => by * x) });
    const dOverlaps: Matrix = { shape: half.shape, data: half.data.map((x, i) => -(x + turned.data[i])) };
    return {
      loss,
      d: {
        overlaps: dOverlaps,
        transform: scale(matmul(transform, gamma), -1),
        readoutBias: { shape: dReadoutBias.shape, data: dReadoutBias.data.map((x) => (params.readoutBias ? -x : 0)) },
      },
    };
  };
  const ahead = (point: Point, d: Point, by: number): Point => ({
    overlaps: moved(point.overlaps, d.overlaps, by),
    transform: moved(point.transform, d.transform, by),
    readoutBias: moved(point.readoutBias, d.readoutBias, by),
  });
  let now: Point = start;
  for (let step = 0; ; step++) {
    const k1 = slope(now);
    checkLoss(where, k1.loss, step);
    if (step % every === 0 || step === steps)
      yield { time: step * h, loss: k1.loss, ...now, blocks: start.blocks, provenance: made };
    if (step === steps) return;
    const k2 = slope(ahead(now, k1.d, h / 2)),
      k3 = slope(ahead(now, k2.d, h / 2)),
      k4 = slope(ahead(now, k3.d, h));
    now = ahead(ahead(ahead(ahead(now, k1.d, h / 6), k2.d, h / 3), k3.d, h / 3), k4.d, h / 6);
  }
}

/** The network's arrays at a state of its overlaps: `Z <- Z(start) transform`. @throws {@link LtrnnError} when the params are not those of the start */
export function overlapParams(
  params: LinearLowRankParams,
  { transform, readoutBias, blocks }: Pick<OverlapState, "transform" | "readoutBias" | "blocks">,
): LinearLowRankParams {
  const { z } = stack("overlapParams", params);
  if (z.shape[1] !== transform.shape[0])
    fail("overlapParams", {
      expected: `params of ${transform.shape[0]} vectors`,
      got: String(z.shape[1]),
      fix: "Pass the params that the descent was started with.",
    });
  const now = matmul(z, transform),
    units = z.shape[0];
  const block = ({ first, count }: { readonly first: number; readonly count: number }): Matrix => ({
    shape: [units, count],
    data: Float64Array.from(
      { length: units * count },
      (_, at) => now.data[Math.floor(at / count) * now.shape[1] + first + (at % count)],
    ),
  });
  return {
    m: block(blocks.m),
    n: block(blocks.n),
    wIn: block(blocks.wIn),
    readout: transpose(block(blocks.readout)),
    x0: transpose(block(blocks.x0)),
    ...(params.bias ? { bias: { shape: [units] as const, data: block(blocks.bias).data } } : {}),
    ...(params.readoutBias ? { readoutBias } : {}),
  };
}

function prepare(
  where: string,
  params: LinearLowRankParams,
  { inputs, targets }: OverlapTask,
  { alpha, steps, every }: Required<OverlapOptions>,
) {
  checkAbove(where, "alpha", alpha, 0);
  checkWhole(where, "steps", steps, 0);
  checkWhole(where, "every", every, 1);
  const { z, blocks } = stack(where, params);
  checkTensor(where, "inputs", inputs, 3);
  checkFinite(where, "inputs", inputs);
  const [trials, time, columns] = inputs.shape;
  if (columns !== params.wIn.shape[1])
    fail(where, {
      expected: `${params.wIn.shape[1]} inputs, the columns of wIn`,
      got: String(columns),
      fix: "Order inputs as (trials × time × inputs).",
    });
  checkSameShape(where, "targets", targets, [trials, time, params.readout.shape[0]]);
  checkFinite(where, "targets", targets);
  if (params.x0.shape[0] !== 1 && params.x0.shape[0] !== trials)
    fail(where, {
      expected: `1 or ${trials} rows of x0`,
      got: String(params.x0.shape[0]),
      fix: "Give all trials one initial state, or each its own.",
    });
  const p = z.shape[1],
    transform: Matrix = {
      shape: [p, p],
      data: Float64Array.from({ length: p * p }, (_, at) => (at % (p + 1) === 0 ? 1 : 0)),
    };
  return {
    overlaps: gram(z),
    transform,
    blocks,
    readoutBias: params.readoutBias ?? (zeros([params.readout.shape[0]]) as Vector),
  };
}

/** Z, the vectors of all arrays as columns, and where they stand. */
function stack(
  where: string,
  { m, n, wIn, readout, x0, bias, readoutBias }: LinearLowRankParams,
): { readonly z: Matrix; readonly blocks: OverlapBlocks } {
  const units = m.shape[0];
  checkSameShape(where, "n", n, m.shape);
  const parts = Object.entries({
    m,
    n,
    wIn,
    readout: transpose(readout),
    x0: transpose(x0),
    bias: { shape: [units, bias ? 1 : 0] as const, data: bias?.data ?? new Float64Array(0) },
  }) as [keyof OverlapBlocks, Matrix][];
  for (const [name, part] of parts) {
    checkTensor(where, name, part, 2);
    checkFinite(where, name, part);
    if (part.shape[0] !== units)
      fail(where, {
        expected: `${name} for ${units} units, as m`,
        got: String(part.shape[0]),
        fix: "Give every array the same units.",
      });
  }
  if (readoutBias) checkSameShape(where, "readoutBias", readoutBias, [readout.shape[0]]);
  const p = parts.reduce((sum, [, part]) => sum + part.shape[1], 0),
    z = zeros([units, p]);
  let first = 0;
  const blocks = Object.fromEntries(
    parts.map(
      ([
        name,
        {
          shape: [, count],
          data,
        },
      ]) => {
        for (let i = 0; i < units; i++) z.data.set(data.subarray(i * count, (i + 1) * count), i * p + first);
        const block = { first, count };
        first += count;
        return [name, block];
      },
    ),
  );
  return { z, blocks: blocks as OverlapBlocks };
}

const moved = <T extends { readonly data: Float64Array }>(x: T, d: { readonly data: Float64Array }, by: number): T => ({
  ...x,
  data: x.data.map((value, i) => value + by * d.data[i]),
});
const identityMinus = (gamma: Matrix, rate: number): Matrix => ({
  shape: gamma.shape,
  data: gamma.data.map((g, at) => (at % (gamma.shape[0] + 1) === 0 ? 1 : 0) - rate * g),
});
const symmetric = (g: Matrix): Matrix => ({
  shape: g.shape,
  data: g.data.map((x, at) => (x + g.data[(at % g.shape[0]) * g.shape[0] + Math.floor(at / g.shape[0])]) / 2),
});

function checkLoss(where: string, loss: number, step: number): void {
  if (!Number.isFinite(loss))
    fail(where, {
      expected: "a loss that stays finite",
      got: `${loss} after ${step} steps`,
      fix: "Take smaller steps.",
    });
}
