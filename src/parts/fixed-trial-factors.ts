import { checkWhole } from "../base";
import type { Labels } from "../masks";
import { checkSameShape, checkTensor, zeros, type Matrix, type Vector } from "../tensor";
import { constantsOf, expandRows } from "./constants";
import type { TrialPrediction, TrialPrior } from "./trial-factors";
import { readTimes } from "./trial-times";

/** Parameters of trial factors that do not change: one value of each (rank). */
export type FixedFactorParams = { readonly m: Vector };

/**
 * Trial factors that are the same in all trials: the hypothesis of no learning. The adjoint is the sum over trials, and
 * new trials have the same factors, with variance 0.
 *
 * @throws {@link LtrnnError} when trials is no whole number from 1 to 2^24, or parameters have other shapes
 * @example fixedTrialFactors(3)({ m: tensor([1], [2]) })[0].data // [2, 2, 2]
 */
export function fixedTrialFactors(trials: number): TrialPrior<FixedFactorParams> {
  const where = "fixedTrialFactors";
  checkWhole(where, "trials", trials, 1, 16_777_216);
  const constants = constantsOf(trials, undefined, 1);
  const factors = ({ m }: FixedFactorParams) => {
    checkTensor(where, "m", m, 1);
    const c = constants.expand(m);
    const adjoint = (dc: Matrix): FixedFactorParams => {
      checkSameShape(where, "dc", dc, c.shape);
      return { m: constants.adjoint(dc) as Vector };
    };
    return [c, adjoint] as const;
  };
  const start = (rank: number) => ({ m: constants.start(rank) as Vector });
  const predict = ({ m }: FixedFactorParams, times: readonly number[], _epochs?: Labels): TrialPrediction => {
    checkTensor(where, "m", m, 1);
    const mean = expandRows(
      m,
      readTimes(where, "times", times).map(() => 0),
    );
    return { status: "predicted", mean, variance: zeros(mean.shape) };
  };
  return Object.assign(factors, { description: { kind: where, trials }, trials, start, predict });
}
