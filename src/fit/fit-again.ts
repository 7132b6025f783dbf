import { isRecord, fail, show, type Random } from "../base";
import {
  describeLoss,
  dispersionAt,
  expectedTargets,
  isCustom,
  readLoss,
  type Loss,
  type LossDescription,
} from "../losses";
import { parameterCount, type Params, type Tensor3 } from "../tensor";
import { bestRun } from "./best-run";
import { drawnMeans, priorDeviations } from "./drawn-means";
import { readFitOptions, type FitOptions, type GivenFit } from "./fit-options";
import type { FitProblem } from "./fit-problem";
import type { BestStep, FitRun, LowTensorRankFit } from "./fit-result";
import { fitToEnd } from "./fit-steps";
import { poseFit } from "./pose-fit";
import type { FitMasks } from "./read-masks";
import { checkProblem } from "./resumed-starts";

/** A fit whose problem was built again from its data and options. */
export interface FitAgain extends FitMasks {
  /** what activity and prediction were compared by, dispersions as they were learned; undefined: by a custom loss */
  readonly loss: LossDescription | undefined;
  /** how many fitted numbers trials share, beside their trial factors and all else that each has of its own */
  readonly parameters: number;
  /** what outputs of the network predict of the activity */
  predict(outputs: Tensor3): Tensor3;
  /**
   * a fit of other activity with the same options, from the fitted parameters, with the means of normal priors drawn
   * about them
   */
  refit(activity: Tensor3, how: RefitOptions): Promise<LowTensorRankFit>;
}

export interface RefitOptions {
  /** at most */
  readonly updates: number;
  readonly seed: number;
  /** of the priors' means */
  readonly random: Random;
  readonly signal: AbortSignal | undefined;
}

/** Pose the problem of a fit again; data or options other than those it was given are refused by name. */
export function fitAgain(where: string, fit: LowTensorRankFit, activity: Tensor3, options: FitOptions): FitAgain {
  const { start: _, ...fresh } = options,
    given = readFitOptions(where, options),
    { problem: earlier, runs } = fit.checkpoint,
    problem = poseFit(where, activity, fit.rank, given);
  checkProblem(where, problem, earlier);
  if (!runs.some((run) => isRecord(run) && run.best))
    fail(where, {
      expected: "a fit with a best step in its checkpoint",
      got: show(runs[0]),
      fix: "Pass a fit as fitLowTensorRank gave it.",
    });
  const { priorWeight = problem.priorWeight, best } = bestRun(runs) as FitRun,
    { params } = best as BestStep,
    own = [...Object.keys(problem.trialFactors.start(1)), ...ownOfTrials(problem)],
    deviations = priorDeviations(problem, params),
    { train, validation } = problem.recorded;
  return {
    train,
    validation,
    loss: problem.head ? described(given) : fittedLoss(problem.loss, params),
    parameters: parameterCount(params, own),
    predict: (outputs) => {
      if (problem.head) return problem.head.predict(outputs, fit.customParams);
      return isCustom(problem.loss) ? outputs : expectedTargets(outputs, problem.loss);
    },
    refit: (other, { updates, seed, random, signal }) =>
      fitToEnd(
        where,
        other,
        fit.rank,
        { ...fresh, seed, training: { ...fresh.training, starts: 1, steps: updates, ...(signal ? { signal } : {}) } },
        { params, priorMeans: drawnMeans(deviations, params, random), priorWeight },
      ),
  };
}

/** Parameters by which single trials differ beside trial factors: deviations of initial states, sizes of inputs. */
const ownOfTrials = ({ initialStates, inputs }: FitProblem): readonly string[] => [
  ...Object.keys(initialStates.start(0, 1)).filter((name) => name === "dx0"),
  ...(inputs.model.changing ? inputs.names.filter((name) => name.split(".").includes("d")) : []),
];

/** The loss under a head, as it was given. */
function described({ training: { loss } }: GivenFit): LossDescription | undefined {
  const given = readLoss("fitLowTensorRank", "training.loss", loss);
  return isCustom(given) ? undefined : describeLoss(given);
}

function fittedLoss(loss: Loss, { logDispersion }: Params): LossDescription | undefined {
  if (isCustom(loss)) return undefined;
  const { logDispersion: _, ...description } = loss.description;
  if (!loss.learned || !logDispersion) return description as LossDescription;
  const dispersion = Array.from(logDispersion.data, dispersionAt);
  return { ...description, dispersion: dispersion.length === 1 ? dispersion[0] : dispersion } as LossDescription;
}
