import { checkWhole, fail, last } from "../base";
import { isCustom, isShipped } from "../losses";
import { openThreads } from "../run";
import { checkTensor, type Params, type Tensor3 } from "../tensor";
import type { Pool } from "../threads";
import { beginFit, type StartPoint } from "./begin-fit";
import { fitObjective } from "./fit-objective";
import { readFitOptions, type FitOptions, type GivenFit } from "./fit-options";
import type { FitProblem } from "./fit-problem";
import type { FitCheckpoint, LowTensorRankFit } from "./fit-result";
import { checkStarted, fitResultOf } from "./fit-result-of";
import { followFreeInputs, withFreeInputs, type FreeInputs } from "./follow-free-inputs";
import { poseFit } from "./pose-fit";
import { lighterWeight } from "./noise-variance";
import { longestStage, raceStarts } from "./race-starts";
import type { StartObjectives } from "./train-start";

/** Parameters to begin from in place of random ones, with the means of their priors and the weight of these. */
export interface WarmStart {
  readonly params: Params;
  readonly priorMeans: Params;
  readonly priorWeight: number;
}

/** What is fitted, and how: activity, rank, options, and where it begins. */
type FitCall = readonly [activity: Tensor3, rank: number, options: FitOptions | undefined, warm?: WarmStart];

/** A fit, step by step, for the public function `where`. */
export async function* fitSteps(where: string, ...call: FitCall): AsyncGenerator<LowTensorRankFit> {
  for await (const result of fitStates(where, ...call)) yield result();
}

/** The end of a fit: no step before it is made into a result, which takes as long as a few updates. */
export async function fitToEnd(where: string, ...call: FitCall): Promise<LowTensorRankFit> {
  return (await last(fitStates(where, ...call)))();
}

/** The problem, its parts as one loss, and the race of its starts: what makes a result of every state of it. */
async function* fitStates(
  where: string,
  ...[activity, rank, options, warm]: FitCall
): AsyncGenerator<() => LowTensorRankFit> {
  checkTensor(where, "activity", activity, 3);
  checkWhole(where, "rank", rank, 1);
  const given = readFitOptions(where, options),
    posed = poseFit(where, activity, rank, given),
    problem: FitProblem = warm ? { ...posed, ...priorsOf(warm), noiseFrom: "given" } : posed,
    { loss } = problem;
  if (given.training.threads > 1 && (isCustom(loss) || !isShipped(loss)))
    fail(where, {
      expected: "no head and no custom loss on more than one thread",
      got: isCustom(loss) ? loss.name : loss.kind,
      fix: "Leave threads out: functions cannot go to another thread.",
    });
  const free = warm ? undefined : withFreeInputs(problem, given),
    begin = warm ? () => ({ params: warm.params, seconds: 0 }) : undefined;
  const starts = free && (await followedStarts(where, activity, rank, { problem, given, free }));
  for await (const race of racesOf(where, problem, given, starts ?? begin)) {
    checkStarted(where, race);
    yield () => fitResultOf(problem, race, given);
  }
}

/** The race of the starts of a problem, on as many threads as are wanted. */
async function* racesOf(
  where: string,
  problem: FitProblem,
  given: GivenFit,
  starts?: (seed: number) => StartPoint,
): AsyncGenerator<FitCheckpoint> {
  const { threads, signal } = given.training,
    { checkpoint, optimizer, tolerance } = beginFit(where, problem, given, starts),
    pool = threads > 1 ? openThreads(where, threads, signal) : undefined;
  try {
    yield* raceStarts(objectivesOf(where, problem, pool), checkpoint, {
      optimizer,
      signal,
      tolerance,
      longestStage: longestStage(problem),
    });
  } finally {
    await pool?.close();
  }
}

const priorsOf = ({ params: _, ...priors }: WarmStart): Omit<WarmStart, "params"> => priors;

/** What the starts of a problem make small, each weight of priors composed once. */
function objectivesOf(where: string, problem: FitProblem, pool: Pool | undefined): StartObjectives {
  const composed = new Map<number, ReturnType<StartObjectives["at"]>>();
  return {
    at(priorWeight = problem.priorWeight) {
      const objective = composed.get(priorWeight) ?? compose(priorWeight);
      composed.set(priorWeight, objective);
      return objective;
    },
    lighter: (run) => lighterWeight(problem, run),
  };

  function compose(priorWeight: number) {
    const objective = fitObjective(where, { ...problem, priorWeight });
    return pool ? objective.onThreads(pool) : objective;
  }
}

/** For every start, a fit with free inputs, and controllers that follow them. */
async function followedStarts(
  where: string,
  activity: Tensor3,
  rank: number,
  { problem, given, free }: { readonly problem: FitProblem; readonly given: GivenFit; readonly free: FreeInputs },
): Promise<(seed: number) => StartPoint> {
  const points = new Map<number, StartPoint>();
  for (let seed = given.seed; seed < given.seed + given.training.starts; seed++) {
    const since = performance.now(),
      freely = { ...given, ...free, seed },
      posed = poseFit(where, activity, rank, freely),
      { runs } = await last(racesOf(where, posed, freely)),
      fresh = problem.start(seed),
      best = runs[0].best;
    const params = best
      ? await followFreeInputs(problem, fresh, { problem: posed, params: best.params }, given.training.signal)
      : fresh;
    points.set(seed, { params, seconds: (performance.now() - since) / 1000 });
  }
  return (seed) => points.get(seed) ?? { params: problem.start(seed), seconds: 0 };
}
