import type { Labels } from "../masks";
import type { Matrix, Params } from "../tensor";
import type { Part } from "./part";

/**
 * A prior of trial factors: from its parameters to the factors c (trials × rank) by which the network's weights change.
 */
export interface TrialFactors<P extends Params = Params> extends Part<P, Matrix> {
  /** how many trials it makes factors of */
  readonly trials: number;
  /** where its parameters start: at factors of 1 */
  start(rank: number): P;
  /** the prediction of the prior for new trials, at these times and in these epochs, given the factors of `params` */
  predict?(params: P, times: readonly number[], epochs?: Labels): TrialPrediction;
}

/** Trial factors of a prior of the library, each of which predicts new trials or refuses. */
export interface TrialPrior<P extends Params = Params> extends TrialFactors<P> {
  predict(params: P, times: readonly number[], epochs?: Labels): TrialPrediction;
}

/** Factors of new trials, as a prior continues those of known ones. */
export interface PredictedFactors {
  readonly status: "predicted";
  /** (new trials × rank) */
  readonly mean: Matrix;
  /** by the prior, with the factors of known trials as exact; (new trials × rank) */
  readonly variance: Matrix;
}

/** A prior that does not determine new trials, with the reason. */
export interface RefusedPrediction {
  readonly status: "refused";
  readonly because: string;
  readonly tryInstead: string;
}

export type TrialPrediction = PredictedFactors | RefusedPrediction;

/** A {@link RefusedPrediction}. */
export const refusedPrediction = (because: string, tryInstead: string): RefusedPrediction => ({
  status: "refused",
  because,
  tryInstead,
});
