import { fail, readOptions, type FieldsOf } from "../base";
import { checkLabels, type Labels } from "../masks";
import { checkSameShape, zeros, type Matrix, type Vector } from "../tensor";
import { checkRows } from "./check-rows";
import { constantsOf } from "./constants";
import { labelsOf, readEpochs } from "./trial-epochs";
import type { TrialPrediction, TrialPrior } from "./trial-factors";
import { whitenedPrior } from "./whitened-prior";
import { readTimes } from "./trial-times";
import { bridgeWalk } from "./bridge-walk";
import { walkSteps } from "./walk-steps";

export interface RandomWalkOptions {
  /**
   * standard deviation of a step over one unit of time; default such that a fifth of the time of all trials is a step
   * of 1
   */
  readonly sigma?: number;
  /** a label per trial: each epoch has a separate walk, with its own first value. Absent: all in one */
  readonly epochs?: Labels;
}

/** Parameters of a random walk. */
export type RandomWalkParams = {
  /** whitened steps, one for each trial later than another of its epoch, in the order of trials (steps × rank) */
  readonly z: Matrix;
  /** first value of each factor (rank), or (epochs × rank) */
  readonly m: Vector | Matrix;
};

const fields = {
  sigma: { is: "number", above: 0, most: 1e150 },
  epochs: { is: "checked", check: checkLabels },
} as const satisfies FieldsOf<RandomWalkOptions>;

/**
 * Trial factors as a random walk over trial times, whitened: `c_k = c_before + sigma sqrt(t_k - t_before) z_k` from a
 * first value without a prior. The adjoint sums over later trials. `predict` continues the walk: the nearest
 * value, with a variance that grows with time, and between two trials the line through both.
 *
 * @param times - when each trial took place, in any unit: gaps and any order are allowed; trials of one epoch at one
 * time share their factors
 * @throws {@link LtrnnError} when no two trials of one epoch differ in time, or parameters have other shapes
 * @see Wiener's process; Rasmussen & Williams (2006), Gaussian Processes for Machine Learning, section B.2
 * @example randomWalkTrialFactors([0, 1, 5], { sigma: 1 })({ z: tensor([2, 1], [1, 3]), m: tensor([1],
 * [10]) })[0].data // [10, 11, 17]
 */
export function randomWalkTrialFactors(
  times: readonly number[],
  options: RandomWalkOptions = {},
): TrialPrior<RandomWalkParams> {
  const where = "randomWalkTrialFactors",
    at = readTimes(where, "times", times),
    given = readOptions(where, options, fields),
    epochs = readEpochs(where, "epochs", given.epochs, at.length),
    sigma = given.sigma ?? usualSigma(at),
    walk = walkSteps(at, epochs.rows, sigma),
    trials = at.length,
    constants = constantsOf(trials, epochs.given ? epochs.rows : undefined, epochs.labels.length);
  if (walk.count === 0)
    fail(where, {
      expected: "at least two trials of one epoch at different times",
      got: `${trials} trials, none later than another of its epoch`,
      fix: "Pass more trials, or take piecewiseConstantTrialFactors.",
    });
  const check = ({ z, m }: RandomWalkParams) => {
    checkRows(where, "z", z, walk.count, "steps");
    checkSameShape(where, "m", m, constants.shape(z.shape[1]));
  };
  const factors = (params: RandomWalkParams) => {
    check(params);
    const c = constants.expand(params.m);
    walk.addTo(c, params.z);
    const adjoint = (dc: Matrix): RandomWalkParams => {
      checkSameShape(where, "dc", dc, c.shape);
      return { z: walk.adjoint(dc), m: constants.adjoint(dc) };
    };
    return [c, adjoint] as const;
  };
  const predict = (params: RandomWalkParams, newTimes: readonly number[], newEpochs?: Labels): TrialPrediction => {
    const [c] = factors(params);
    return bridgeWalk(where, { times: at, epochs, sigma, c }, newTimes, newEpochs);
  };
  const start = (rank: number): RandomWalkParams => ({ z: zeros([walk.count, rank]), m: constants.start(rank) });
  const description = { kind: where, times: at, sigma, ...(epochs.given ? { epochs: labelsOf(epochs) } : {}) };
  return Object.assign(factors, { description, trials, start, prior: whitenedPrior, predict });
}

/** A fifth of the time of all trials is a step of deviation 1. */
function usualSigma(times: readonly number[]): number {
  let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const time of times) {
    first = Math.min(first, time);
    last = Math.max(last, time);
  }
  return last > first ? Math.min(1e150, Math.sqrt(5 / (last - first))) : 1;
}
