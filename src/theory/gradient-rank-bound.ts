import { type FieldsOf, provenance, readPart, failingAs } from "../base";
import { numericalRank } from "../linalg";
import { checkSameShape, finiteTensor3, type Matrix, type Tensor3, type Vector } from "../tensor";
import { alphaField, withOneAlpha } from "./one-alpha";
import type { HoldingBound } from "./rank-bound";
import { stacked } from "./stacked";

/** A bound on the rank of one gradient, with bounds on all its singular values. Plain data. */
export interface GradientRankBound extends HoldingBound {
  /** of Lambda (units × trials · time) and of H, by their numerical ranks */
  readonly ranks: readonly [adjoints: number, rates: number];
  /** the k-th singular value of the gradient is at most the k-th of these */
  readonly singularValuesAtMost: readonly number[];
}

/** What {@link backpropagate} keeps of a run. It may hold more. */
export interface GradientTrajectory {
  /** lambda_0 .. lambda_T (trials × (time + 1) × units) */
  readonly adjoints: Tensor3;
  /** h_0 .. h_T (trials × (time + 1) × units) */
  readonly rates: Tensor3;
  /** dt / tau, of all units or of each (units) */
  readonly alpha: number | Vector;
}

const gradientTrajectory = {
  adjoints: { is: "checked", check: finiteTensor3, needed: true },
  rates: { is: "checked", check: finiteTensor3, needed: true },
  alpha: alphaField,
} as const satisfies FieldsOf<GradientTrajectory>;

/** Adjoints and rates of one run, checked; other parts of a run are ignored. */
function readTrajectory(where: string, given: GradientTrajectory): GradientTrajectory {
  const read = readPart<GradientTrajectory, typeof gradientTrajectory>(where, given, gradientTrajectory, "trajectory");
  checkSameShape(where, "rates", read.rates, read.adjoints.shape);
  return read;
}

/**
 * The rank of the gradient in W, `alpha Lambda H'`, is at most that of the adjoints and that of the rates, for any
 * activation, loss and weights; and its singular values obey `sigma_{i+j-1} <= alpha sigma_i(Lambda) sigma_j(H)`:
 * low-dimensional activity or a low-dimensional error is enough for a numerically low rank.
 *
 * @param trajectory - adjoints and rates (trials × (time + 1) × units) and alpha, as backpropagate gives them
 * @throws {@link LtrnnError} when arrays disagree or are not finite
 * @remarks O(trials · time · units²).
 * @see docs/theory.md A1, A2
 * @example gradientRankBound({ adjoints: zeros([2, 5, 3]), rates: zeros([2, 5, 3]), alpha: 0.1 }).atMost // 0
 */
export function gradientRankBound(trajectory: GradientTrajectory): GradientRankBound {
  const where = "gradientRankBound";
  const { rates, ...given } = readTrajectory(where, trajectory),
    { adjoints, alpha } = withOneAlpha(where, given.adjoints, given.alpha);
  const rankOf = (m: Matrix) => failingAs(where, () => numericalRank(m)),
    lambda = rankOf(stacked(adjoints, 1)),
    h = rankOf(stacked(rates, 0)),
    units = adjoints.shape[2];
  const atMost = Math.min(lambda.rank, h.rank);
  const count = Math.min(lambda.singularValues.length, h.singularValues.length);
  const singularValuesAtMost = Array.from({ length: count }, (_, k) => {
    let least = Number.POSITIVE_INFINITY;
    for (let i = 0; i <= k; i++) least = Math.min(least, alpha * lambda.singularValues[i] * h.singularValues[k - i]);
    return least;
  });
  return {
    status: "holds",
    atMost,
    ...(atMost >= units ? { vacuous: true as const } : {}),
    ranks: [lambda.rank, h.rank],
    singularValuesAtMost,
    statement: `the gradient in W has rank at most ${atMost}`,
    assumptions: ["numerical ranks, at their thresholds"],
    because: `it is a product of adjoints of rank ${lambda.rank} and rates of rank ${h.rank}`,
    provenance: provenance(where, null, { alpha: given.alpha }, { thresholds: [lambda.threshold, h.threshold] }),
  };
}
