import { fail, failingAs, type FieldsOf, provenance, type Provenance, readOptions, type Status } from "../base";
import type { Network } from "../models";
import type { Vector } from "../tensor";
import { budgetField, type Continuum, describeAll, describeRest, exhausted } from "./all-fixed-points";
import { branchesOf, type FixedPointBranch, type FixedPointEvent } from "./branches";
import { checkTrial, dynamicsOf, inputField } from "./dynamics";
import { linkTrials } from "./link-trials";
import { piecewiseOf } from "./piecewise";
import { restPoints, workOf } from "./rest-points";

/** Over which trials fixed points are followed. */
export interface FollowOptions {
  /** trials in the order in which they are followed; default all of them */
  readonly trials?: readonly number[] | undefined;
  /** u (inputs), held constant; default none */
  readonly input?: Vector | undefined;
  /** most regions visited and linear systems solved, over all trials; default 2e8, about a minute */
  readonly budget?: number | undefined;
}

const fields = {
  trials: { is: "list", of: { is: "whole number", least: 0 } },
  input: inputField,
  budget: budgetField,
} as const satisfies FieldsOf<FollowOptions>;

/** Fixed points over learning. Plain data. */
export interface FollowedFixedPoints {
  /** "converged" where every region was searched at every trial; "exhausted" where that would exceed the budget */
  readonly status: Status;
  /** what to do, where the status is not "converged" */
  readonly because?: string;
  /** the trials that were followed */
  readonly trials: readonly number[];
  /** every fixed point from its birth to its death */
  readonly branches: readonly FixedPointBranch[];
  /** births, deaths and changes of stability, in the order of trials */
  readonly events: readonly FixedPointEvent[];
  /** lines, planes … of fixed points, which are not followed */
  readonly continua: readonly (Continuum & { readonly trial: number })[];
  /** linear regions that were searched at every trial */
  readonly regions: number;
  readonly provenance: Provenance;
}

/**
 * All fixed points of a network at every trial, as {@link allFixedPoints} finds them, followed from trial to trial:
 * which one becomes which, where two are born or die together in a fold, where one comes from infinity or goes there,
 * and where stability changes. Between two trials the weights are interpolated linearly, and every fixed point is
 * followed along this path from region to region, exactly: so matches do not depend on distances.
 *
 * @throws {@link LtrnnError} when the activation is not linear below 0 and linear above 0, there is no such trial, or
 * sizes disagree
 * @remarks The regions are those of the column factors and the input, so they are found once for all trials. A pair
 * that is born and dies between two trials is missed.
 * @see docs/theory.md, Fixed points
 * @example followFixedPoints(LowTensorRankRNN.random({ units: 20, inputs: 1, rank: 2, trials: 3, phi: "relu" }, 1),
 * { input: tensor([1], [1]) }).branches.length // 1
 */
export function followFixedPoints(model: Network, options?: FollowOptions): FollowedFixedPoints {
  const where = "followFixedPoints",
    read = readOptions<FollowOptions, typeof fields>(where, options, fields),
    { input, budget } = read;
  return failingAs(where, () => {
    const dynamics = dynamicsOf(where, model, input),
      trials = read.trials ?? Array.from({ length: model.trials ?? 1 }, (_, trial) => trial);
    trials.forEach((trial, k) => {
      checkTrial(where, model, trial, `trials[${k}]`);
    });
    const twice = trials.length - new Set(trials).size;
    if (twice > 0)
      fail(where, {
        expected: "every trial of trials once",
        got: `${twice} that ${twice === 1 ? "is" : "are"} there before`,
        fix: "Name the trials in the order in which they are to be followed.",
      });
    const problem = piecewiseOf(where, dynamics, dynamics.activation, trials),
      origin = provenance(where, null, { ...read, trials: [...trials] }, { dimension: problem.size });
    if (workOf(problem) > budget) {
      const { status, because, regions } = exhausted(problem, budget);
      return { status, because, trials, branches: [], events: [], continua: [], regions, provenance: origin };
    }
    const { trials: rest, regions } = restPoints(problem);
    const links = rest
      .slice(1)
      .map(({ points }, k) => linkTrials(problem, [problem.maps[k], problem.maps[k + 1]], rest[k].points, points));
    const described = rest.map(({ points }, k) => points.map((point) => describeRest(problem, trials[k], point)));
    return {
      status: "converged",
      trials,
      ...branchesOf(trials, described, links),
      continua: rest.flatMap((one, k) =>
        describeAll(problem, trials[k], { ...one, points: [] }).continua.map((piece) => ({
          trial: trials[k],
          ...piece,
        })),
      ),
      regions,
      provenance: origin,
    };
  });
}
