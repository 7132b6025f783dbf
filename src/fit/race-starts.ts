import { halving, type Racer } from "../base";
import { lowestLoss } from "./best-run";
import type { FitProblem } from "./fit-problem";
import type { FitCheckpoint, FitRun } from "./fit-result";
import { trainStart, type StartObjectives, type StartOptions } from "./train-start";

/** Number of updates between yielded states. */
const updatesBetween = 10;

/** Stages after each of which the worse half of the starts is dropped. */
const stages = 5;

/**
 * Updates after which starts can be compared: more where no inputs are learned, since a start then is only random
 * weights. See docs/decisions/9.
 */
export const longestStage = ({ inputs }: Pick<FitProblem, "inputs">): number =>
  Object.values(inputs.model.start(0)).some((p) => p && p.data.length > 0) ? 100 : 150;

/** How starts race. */
export interface RaceOptions extends StartOptions {
  /** updates of a stage, at most */
  readonly longestStage: number;
}

/**
 * Train all starts in turn, from their current states, and drop the worse half after each stage. A state is complete:
 * continuing from one gives the same bits as an uninterrupted race.
 */
export async function* raceStarts(
  objectives: StartObjectives,
  begin: FitCheckpoint,
  { longestStage: longest, ...options }: RaceOptions,
): AsyncGenerator<FitCheckpoint> {
  const { steps } = begin,
    runners = begin.runs.map((run) => runnerOf(objectives, run, steps, options));
  const state = (alive: readonly Runner[]): FitCheckpoint => ({
    ...begin,
    runs: runners.map((runner) => (alive.includes(runner) || runner.done ? runner.run : droppedRun(runner.run))),
  });
  let alive: readonly Runner[] = runners;
  for (const turn of halving(runners, { round: stageLength(steps, longest), most: steps })) {
    alive = turn.alive;
    const { run } = await turn.racer.advance();
    if (run.status === "aborted") return yield state(alive);
    if (run.step % updatesBetween === 0 && run.best && alive.some(({ done }) => !done)) yield state(alive);
  }
  yield state(runners.filter(({ done }) => done));
}

/** Updates in one stage. */
const stageLength = (steps: number, longest: number): number => Math.min(longest, Math.ceil(steps / stages));

/** Updates of all starts together, at most. */
export function plannedSteps(starts: number, steps: number, longest: number): number {
  const length = stageLength(steps, longest);
  let total = 0,
    done = 0,
    alive = starts;
  for (; alive > 1 && done < steps; alive = Math.ceil(alive / 2)) {
    const stage = Math.min(length, steps - done);
    total += alive * stage;
    done += stage;
  }
  return total + alive * (steps - done);
}

export const isAlive = ({ status, dropped }: FitRun): boolean => status === "running" && !dropped;

const droppedRun = (run: FitRun): FitRun => ({ ...run, status: "exhausted", dropped: true });

/** A start in the race. */
interface Runner extends Racer {
  readonly run: FitRun;
  /** one update more; the first time, only the loss at the start */
  advance(): Promise<Runner>;
}

function runnerOf(objectives: StartObjectives, begin: FitRun, steps: number, options: StartOptions): Runner {
  const updates = trainStart(objectives, begin, steps, options);
  let run = begin;
  const runner: Runner = {
    get run() {
      return run;
    },
    get steps() {
      return run.step;
    },
    /** one that diverged is left behind */
    get score() {
      return run.status === "diverged" ? Number.POSITIVE_INFINITY : lowestLoss(run);
    },
    get done() {
      return run.status !== "running";
    },
    async advance() {
      const { value } = await updates.next();
      if (value) run = value;
      return runner;
    },
  };
  return runner;
}
