import { type FieldsOf, provenance, readOptions } from "../base";
import { matmul, transpose } from "../tensor";
import { overlapGradient, type OverlapTask } from "./overlap-gradient";
import { type OverlapOptions, overlapOptions, prepareOverlaps, runOverlaps } from "./overlap-run";
import type { OverlapPoint, OverlapState } from "./overlap-state";
import type { LinearLowRankParams } from "./overlap-vectors";

export interface OverlapFlowOptions extends OverlapOptions {
  /** step of the Runge-Kutta method, a method of fourth order */
  readonly step: number;
}

/**
 * The small-step limit of {@link overlapDescent}: the gradient flow `dG/ds = -(Gamma' G + G Gamma)` of the overlaps G,
 * by the classical Runge-Kutta method. Descent at rate r after s / r updates is near the flow at time s, with an error
 * of first order in r.
 *
 * @throws {@link LtrnnError} as overlapDescent
 * @remarks Four gradients a step; see overlapDescent.
 * @see docs/theory.md F2
 * @example [...overlapFlow({ m: zeros([9, 1]), n: zeros([9, 1]), wIn: zeros([9, 1]), readout: zeros([1, 9]),
 * x0: zeros([1, 9]) }, { inputs: zeros([1, 3, 1]), targets: zeros([1, 3, 1]) }, { alpha: 0.1, step: 0.1,
 * steps: 2 })].length // 3
 */
export function* overlapFlow(
  params: LinearLowRankParams,
  task: OverlapTask,
  options: OverlapFlowOptions,
): Generator<OverlapState> {
  const where = "overlapFlow";
  const overlapFlowOptions = {
    ...overlapOptions,
    step: { is: "number", above: 0, needed: true },
  } as const satisfies FieldsOf<OverlapFlowOptions>;
  const {
    alpha,
    step: h,
    steps,
    every,
  } = readOptions<OverlapFlowOptions, typeof overlapFlowOptions>(where, options, overlapFlowOptions);
  const start = prepareOverlaps(where, params, task);
  const origin = provenance(where, null, { alpha, step: h, steps, every });
  const slope = ({ overlaps, transform, readoutBias }: OverlapPoint) => {
    const { loss, gamma, dReadoutBias } = overlapGradient(overlaps, readoutBias, start.blocks, start.task, alpha);
    const half = matmul(overlaps, gamma),
      turned = transpose(half).data,
      turning = matmul(transform, gamma);
    const velocity: OverlapPoint = {
      overlaps: { shape: half.shape, data: half.data.map((x, i) => -(x + turned[i])) },
      transform: { shape: turning.shape, data: turning.data.map((x) => -x) },
      readoutBias: { shape: readoutBias.shape, data: dReadoutBias.data.map((x) => (start.biased ? -x : 0)) },
    };
    return { loss, velocity };
  };
  yield* runOverlaps(start, { steps, every, unit: h }, origin, (now) => {
    const { loss, velocity: k1 } = slope(now);
    const next = () => {
      const k2 = slope(moved(now, k1, h / 2)).velocity;
      const k3 = slope(moved(now, k2, h / 2)).velocity;
      const k4 = slope(moved(now, k3, h)).velocity;
      return moved(moved(moved(moved(now, k1, h / 6), k2, h / 3), k3, h / 3), k4, h / 6);
    };
    return { loss, next };
  });
}

/** The point a time `by` along a velocity. */
function moved(point: OverlapPoint, velocity: OverlapPoint, by: number): OverlapPoint {
  const add = <T extends { readonly data: Float64Array }>(x: T, v: { readonly data: Float64Array }): T => ({
    ...x,
    data: x.data.map((value, i) => value + by * v.data[i]),
  });
  return {
    overlaps: add(point.overlaps, velocity.overlaps),
    transform: add(point.transform, velocity.transform),
    readoutBias: add(point.readoutBias, velocity.readoutBias),
  };
}
