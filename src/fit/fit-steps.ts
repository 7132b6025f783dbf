import { checkWhole, fail, last } from "../base";
import { isCustom, isShipped } from "../losses";
import { openThreads } from "../run";
import { checkTensor, type Params, type Tensor3 } from "../tensor";
import { beginFit } from "./begin-fit";
import { fitObjective } from "./fit-objective";
import { readFitOptions, type FitOptions } from "./fit-options";
import type { LowTensorRankFit } from "./fit-result";
import { checkStarted, fitResultOf } from "./fit-result-of";
import { poseFit } from "./pose-fit";
import { raceStarts } from "./race-starts";

/** What is fitted, and how: activity, rank, options, and parameters to begin from in place of random ones. */
type FitCall = readonly [activity: Tensor3, rank: number, options: FitOptions | undefined, warm?: Params];

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
    { threads, signal } = given.training;
  const problem = poseFit(where, activity, rank, given),
    objective = fitObjective(where, problem),
    { checkpoint, optimizer, tolerance } = beginFit(where, problem, given, warm);
  const { loss } = problem;
  if (threads > 1 && (isCustom(loss) || !isShipped(loss)))
    fail(where, {
      expected: "no head and no custom loss on more than one thread",
      got: isCustom(loss) ? loss.name : loss.kind,
      fix: "Leave threads away: functions cannot go to another thread.",
    });
  const pool = threads > 1 ? openThreads(where, threads, signal) : undefined;
  try {
    for await (const race of raceStarts(pool ? objective.onThreads(pool) : objective, checkpoint, {
      optimizer,
      signal,
      tolerance,
    })) {
      checkStarted(where, race);
      yield () => fitResultOf(problem, race, given);
    }
  } finally {
    await pool?.close();
  }
}
