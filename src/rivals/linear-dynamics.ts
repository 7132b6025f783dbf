import { fail, readOptions, safeUnit, show, square, type Status } from "../base";
import { bestOf, type Baseline } from "../baselines";
import { largestUnder } from "../scores";
import type { Tensor3 } from "../tensor";
import { deviationsOf } from "./deviations";
import { rivalFields, type RivalOptions } from "./component-options";
import { emPasses } from "./em";

/** A pass counts as the last when it raises the log likelihood by no more than this share of an observed entry. */
const settled = 1e-6;

/**
 * A linear dynamical system, the same in all trials, for deviations of trials from the mean of their condition, fitted
 * to training entries by expectation maximization; held-out entries of a trial are Kalman-smoothed from its other
 * entries. The number of states, in `ranks`, and the number of passes are chosen on the validation set.
 *
 * @param activity - (trials × time × neurons)
 * @throws {@link LtrnnError} as {@link conditionMean}, or without a number of states to choose from
 * @remarks O(ranks · passes · trials · time · (states³ + neurons · states²)).
 * @see Ghahramani & Hinton (1996), Parameter estimation for linear dynamical systems, CRG-TR-96-2; Shumway & Stoffer
 * (1982), J. Time Series Analysis 3, for missing entries
 * @example linearDynamics(tensor([3, 2, 1], [1, 2, 2, 4, 3, 6]), { train: tensor([3, 2, 1], [1, 1, 1, 1, 1, 0]),
 * validation: tensor([3, 2, 1], [0, 0, 0, 0, 0, 1]), ranks: [1] }).chosen // 1
 */
export function linearDynamics(activity: Tensor3, options: RivalOptions): Baseline {
  const where = "linearDynamics",
    { ranks: list, passes, seed, ...given } = readOptions(where, options, rivalFields()),
    ranks = [...new Set(list)],
    { train, validation } = given;
  if (ranks.length === 0)
    fail(where, { expected: "at least one number of states", got: show(ranks), fix: "Pass such as [1, 2, 3]." });
  const { x, silent, back } = deviationsOf(where, activity, given as never),
    scored = [...validation.data.keys()].filter((i) => validation.data[i] !== 0),
    unit = safeUnit(largestUnder(activity, validation)),
    observed = train.data.reduce((sum, m) => sum + m, 0);
  const fitted = (rank: number): { readonly prediction: Tensor3; readonly status: Status } => {
    if (silent) return { prediction: back(x), status: "converged" };
    let best = { data: x.data, error: Number.POSITIVE_INFINITY, pass: 0 },
      pass = 0,
      before = Number.NEGATIVE_INFINITY,
      status: Status = "exhausted";
    for (const { model, logLikelihood } of emPasses(x, train.data, rank, seed)) {
      pass++;
      const { data } = back({ data: model }),
        error = scored.reduce((sum, i) => sum + square(unit * activity.data[i] - unit * data[i]), 0);
      if (error < best.error || pass === 1) best = { data: model, error, pass };
      if (logLikelihood - before <= settled * observed || pass - best.pass > 20 + best.pass / 2) status = "converged";
      if (status === "converged" || pass === passes) break;
      before = logLikelihood;
    }
    return { prediction: back(best), status };
  };
  return bestOf(where, activity, { train, validation }, ranks, fitted, { ranks, passes, seed });
}
