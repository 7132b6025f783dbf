import { checkWhole } from "../base";
import { checkSameShape, zeros, type Matrix } from "../tensor";
import { checkRows } from "./check-rows";
import { refusedPrediction, type TrialPrediction, type TrialPrior } from "./trial-factors";

/** Parameters of free trial factors: the factors themselves (trials × rank). */
export type FreeFactorParams = { readonly c: Matrix };

/**
 * Trial factors without a prior: those of each trial are independent of its neighbors. The adjoint is the identity.
 *
 * `predict` is refused: free factors do not determine new trials.
 *
 * @throws {@link LtrnnError} when trials is no whole number from 1 to 2^24, or parameters have other shapes
 * @example freeTrialFactors(3)({ c: tensor([3, 1], [1, 0, 2]) })[0].data // [1, 0, 2]
 */
export function freeTrialFactors(trials: number): TrialPrior<FreeFactorParams> {
  const where = "freeTrialFactors";
  checkWhole(where, "trials", trials, 1, 16_777_216);
  const factors = ({ c }: FreeFactorParams) => {
    checkRows(where, "c", c, trials, "trials");
    const adjoint = (dc: Matrix): FreeFactorParams => {
      checkSameShape(where, "dc", dc, c.shape);
      return { c: dc };
    };
    return [c, adjoint] as const;
  };
  const start = (rank: number): FreeFactorParams => {
    const c = zeros([trials, rank]);
    c.data.fill(1);
    return { c };
  };
  const predict = (): TrialPrediction =>
    refusedPrediction(
      "free factors of known trials say nothing of others",
      "Fit with gaussianTrialFactors or randomWalkTrialFactors, which do.",
    );
  return Object.assign(factors, { description: { kind: where, trials }, trials, start, predict });
}
