import { mapParams, type Matrix, type Params } from "../tensor";
import type { TrialFactors } from "./trial-factors";

/**
 * The penalty on the size of trial factors: `l1 mean |c| + l2 mean c² / 2`, over trials and components.
 */
export interface TrialFactorPenalty {
  readonly l1: number;
  readonly l2: number;
}

/** The same trial factors, with a penalty on their values. */
export function penalizedTrialFactors(factors: TrialFactors, { l1, l2 }: TrialFactorPenalty): TrialFactors {
  if (l1 === 0 && l2 === 0) return factors;
  const part = (params: Params) => factors(params);
  const penalty = (params: Params): readonly [number, Params] => {
    const [own, ofOwn] = factors.penalty?.(params) ?? [0, {}],
      [c, adjoint] = factors(params),
      entries = c.data.length,
      dc: Matrix = { shape: c.shape, data: c.data.map((x) => (l1 * Math.sign(x) + l2 * x) / entries) };
    const size = c.data.reduce((sum, x) => sum + l1 * Math.abs(x) + (l2 * x * x) / 2, 0) / entries;
    return [own + size, sumOf(adjoint(dc), ofOwn)];
  };
  const { description, trials, start, prior, predict } = factors;
  return Object.assign(part, {
    description,
    trials,
    start,
    penalty,
    ...(prior ? { prior } : {}),
    ...(predict ? { predict } : {}),
  });
}

/** Gradients of the first, with those of the second where it has any. */
const sumOf = (gradients: Params, more: Params): Params =>
  mapParams(gradients, (data, name) => data.map((x, i) => x + (more[name]?.data[i] ?? 0)));
