import type { Status } from "../base";
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
 * Train all starts side by side, from where they stand: stage by stage, with the worse half dropped after each
 * (successive halving, Jamieson & Talwalkar 2016). A state is all there is to know: whoever continues from one gets the
 * bits of a race that never stopped.
 */
export async function* raceStarts(
  objective: Objective<Params, FitEvaluation> | AsyncObjective<Params, FitEvaluation>,
  begin: FitCheckpoint,
  options: RaceOptions,
): AsyncGenerator<FitCheckpoint> {
  const { steps } = begin,
    length = stageLength(steps);
  let race = begin;
  while (race.runs.some(isAlive)) {
    const until = Math.min(steps, (race.stage + 1) * length);
    for (let index = 0; index < race.runs.length; index++) {
      if (!isAlive(race.runs[index]) || race.runs[index].step >= until) continue;
      for await (const run of trainUntil(objective, race.runs[index], until, steps, options)) {
        race = { ...race, runs: race.runs.with(index, run) };
        if (run.status === "aborted") return yield race;
        if (run.step % updatesBetween === 0 && run.best && race.runs.some(isAlive)) yield race;
      }
    }
    race = halved(race);
  }
  yield race;
}

/** Updates in one stage. */
export const stageLength = (steps: number): number => Math.ceil(steps / stages);

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

/** The better half of the runs that are alive goes on. */
function halved(race: FitCheckpoint): FitCheckpoint {
  const ranked = race.runs.filter(isAlive).sort((p, q) => lowestLoss(p) - lowestLoss(q)),
    worse = new Set(ranked.slice(Math.ceil(ranked.length / 2)));
  const runs = race.runs.map((run): FitRun => (worse.has(run) ? { ...run, status: "exhausted", dropped: true } : run));
  return { ...race, stage: race.stage + 1, runs };
}

/** One start after each of its updates, up to so many. */
async function* trainUntil(
  objective: Objective<Params, FitEvaluation> | AsyncObjective<Params, FitEvaluation>,
  begin: FitRun,
  until: number,
  steps: number,
  { optimizer, signal }: RaceOptions,
): AsyncGenerator<FitRun> {
  let run = begin;
  const limits = { optimizer, steps: until - run.step, every: 1, ...(signal ? { signal } : {}) };
  for await (const snapshot of train(objective, startOf(run, optimizer), limits)) {
    const status: Status = snapshot.status === "exhausted" && snapshot.step < steps ? "running" : snapshot.status;
    run = {
      seed: run.seed,
      step: snapshot.step,
      params: snapshot.params,
      memory: snapshot.memory,
      status,
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
  const { validationLoss } = evaluation;
  if (Number.isFinite(loss) && validationLoss < lowestLoss(run))
    return { best: { step, loss, validationLoss, params } };
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
