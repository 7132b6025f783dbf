import { halving, type Racer } from "../base";
import { describeOptimizer, type GradientTransform } from "../optim";
import type { Params } from "../tensor";
import { train, type AsyncObjective, type Objective, type Snapshot } from "../train";
import type { FitEvaluation } from "./fit-objective";
import type { FitCheckpoint, FitRun } from "./fit-result";

/** How starts are trained. */
export interface RaceOptions {
  readonly optimizer: GradientTransform;
  readonly signal: AbortSignal | undefined;
}

/** Every so many updates the state is shown. */
const updatesBetween = 10;

/** Stages after each of which the worse half of the starts is dropped. */
const stages = 5;

/**
 * Train all starts side by side, from where they stand, with the worse half dropped after each stage. A state is all
 * there is to know: whoever continues from one gets the bits of a race that never stopped.
 */
export async function* raceStarts(
  objective: Objective<Params, FitEvaluation> | AsyncObjective<Params, FitEvaluation>,
  begin: FitCheckpoint,
  options: RaceOptions,
): AsyncGenerator<FitCheckpoint> {
  const { steps } = begin,
    runners = begin.runs.map((run) => runnerOf(objective, run, steps, options));
  const state = (alive: readonly Runner[]): FitCheckpoint => ({
    ...begin,
    runs: runners.map((runner) => (alive.includes(runner) || runner.done ? runner.run : droppedRun(runner.run))),
  });
  let alive: readonly Runner[] = runners;
  for (const turn of halving(runners, { round: stageLength(steps), most: steps })) {
    alive = turn.alive;
    const { run } = await turn.racer.advance();
    if (run.status === "aborted") return yield state(alive);
    if (run.step % updatesBetween === 0 && run.best && alive.some(({ done }) => !done)) yield state(alive);
  }
  yield state(runners.filter(({ done }) => done));
}

/** Updates in one stage. */
const stageLength = (steps: number): number => Math.ceil(steps / stages);

/** Updates of all starts together, at most. */
export function plannedSteps(starts: number, steps: number): number {
  const length = stageLength(steps);
  let total = 0;
  for (let done = 0, alive = starts; done < steps; done += length, alive = Math.ceil(alive / 2))
    total += alive * Math.min(length, steps - done);
  return total;
}

export const isAlive = ({ status, dropped }: FitRun): boolean => status === "running" && !dropped;

export const lowestLoss = ({ best }: FitRun): number => best?.validationLoss ?? Number.POSITIVE_INFINITY;

const droppedRun = (run: FitRun): FitRun => ({ ...run, status: "exhausted", dropped: true });

/** A start in the race. */
interface Runner extends Racer {
  readonly run: FitRun;
  /** one update more; the first time, only the loss at the start */
  advance(): Promise<Runner>;
}

function runnerOf(
  objective: Objective<Params, FitEvaluation> | AsyncObjective<Params, FitEvaluation>,
  begin: FitRun,
  steps: number,
  options: RaceOptions,
): Runner {
  const updates = trainUntil(objective, begin, steps, options);
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

/** A start after each of its updates, up to so many. */
async function* trainUntil(
  objective: Objective<Params, FitEvaluation> | AsyncObjective<Params, FitEvaluation>,
  begin: FitRun,
  steps: number,
  { optimizer, signal }: RaceOptions,
): AsyncGenerator<FitRun> {
  let run = begin;
  const limits = { optimizer, steps: steps - run.step, every: 1, ...(signal ? { signal } : {}) };
  for await (const snapshot of train(objective, startOf(run, optimizer), limits)) {
    run = {
      seed: run.seed,
      step: snapshot.step,
      params: snapshot.params,
      memory: snapshot.memory,
      status: snapshot.status,
      dropped: false,
      ...(snapshot.divergence ? { divergence: snapshot.divergence } : {}),
      ...bestOf(run, snapshot),
    };
    yield run;
  }
}

function bestOf(
  run: FitRun,
  { step, loss, params, evaluation }: Snapshot<Params, FitEvaluation>,
): Pick<FitRun, "best"> {
  const { dataLoss, validationLoss } = evaluation;
  if (Number.isFinite(loss) && validationLoss < lowestLoss(run))
    return { best: { step, loss: dataLoss, validationLoss, params } };
  return run.best ? { best: run.best } : {};
}

/** What training begins from: fresh parameters, or a snapshot of the run. */
function startOf(run: FitRun, optimizer: GradientTransform): Params | Snapshot<Params, FitEvaluation> {
  if (run.best === undefined) return run.params;
  const { step, params, memory } = run;
  const snapshot: Partial<Snapshot<Params, FitEvaluation>> = {
    step,
    params,
    memory,
    optimizer: describeOptimizer(optimizer),
    objective: null,
  };
  return snapshot as Snapshot<Params, FitEvaluation>;
}
