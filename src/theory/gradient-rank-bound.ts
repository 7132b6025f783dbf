import { checkAbove, provenance } from "../base";
import { numericalRank } from "../linalg";
import { checkSameShape, checkTensor, type Tensor3 } from "../tensor";
import type { HoldingBound } from "./rank-bound";
import { stacked } from "./stacked";

/** A bound on the rank of one gradient, with bounds on all its singular values. */
export interface GradientRankBound extends HoldingBound {
  /** of Lambda (units × trials · time) and of H, by their numerical ranks */
  readonly ranks: readonly [adjoints: number, rates: number];
  /** the k-th singular value of the gradient is at most the k-th of these */
  readonly singularValuesAtMost: readonly number[];
}

/**
 * The rank of the gradient in W, `alpha Lambda H'`, is at most that of the adjoints and that of the rates, for any activation, loss and weights; and its singular
 * values obey `sigma_{i+j-1} <= alpha sigma_i(Lambda) sigma_j(H)`: low-dimensional activity or a low-dimensional error is enough for a numerically low rank.
 *
 * @param trajectory - adjoints and rates (trials × (time + 1) × units) and alpha, as backpropagate gives them
 * @throws {@link LtrnnError} when arrays disagree or are not finite
 * @remarks O(trials · time · units²).
 * @see docs/theory.md A1, A2
 * @example gradientRankBound({ adjoints: zeros([2, 5, 3]), rates: zeros([2, 5, 3]), alpha: 0.1 }).atMost // 0
 */
export function gradientRankBound({
  adjoints,
  rates,
  alpha,
}: {
  readonly adjoints: Tensor3;
  readonly rates: Tensor3;
  readonly alpha: number;
}): GradientRankBound {
  const where = "gradientRankBound";
  checkTensor(where, "adjoints", adjoints, 3);
  checkSameShape(where, "rates", rates, adjoints.shape);
  checkAbove(where, "alpha", alpha, 0);
  const lambda = numericalRank(stacked(adjoints, 1)),
    h = numericalRank(stacked(rates, 0)),
    units = adjoints.shape[2];
  const atMost = Math.min(lambda.rank, h.rank),
    sizes = Math.min(lambda.singularValues.length, h.singularValues.length);
  const singularValuesAtMost = Array.from({ length: sizes }, (_, k) =>
    Math.min(...Array.from({ length: k + 1 }, (_, i) => alpha * lambda.singularValues[i] * h.singularValues[k - i])),
  );
  return {
    status: "holds",
    atMost,
    ...(atMost >= units ? { vacuous: true as const } : {}),
    ranks: [lambda.rank, h.rank],
    singularValuesAtMost,
    statement: `the gradient in W has rank at most ${atMost}`,
    assumptions: ["numerical ranks, at their thresholds"],
    because: `it is a product of adjoints of rank ${lambda.rank} and rates of rank ${h.rank}`,
    provenance: provenance(where, null, { alpha, thresholds: [lambda.threshold, h.threshold] }),
  };
}
