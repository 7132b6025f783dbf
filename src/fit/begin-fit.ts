import { fail, isRecord, show, type Status } from "../base";
import { isCustom } from "../losses";
import {
  adam,
  chain,
  checkMemory,
  clipByNorm,
  cosineDecay,
  describeOptimizer,
  followedBy,
  lbfgs,
  scaleByCurvature,
  nameOf,
  optimizerOf,
  sameOptimizer,
  type GradientTransform,
  type OptimizerDescription,
} from "../optim";
import { checkFinite, checkSameShape, type Params, type Tensor } from "../tensor";
import type { GivenFit } from "./fit-options";
import type { FitProblem } from "./fit-problem";
import type { FitCheckpoint, FitRun } from "./fit-result";

/** Where a fit begins, and what makes its updates. */
export interface FitBegin {
  readonly checkpoint: FitCheckpoint;
  readonly optimizer: GradientTransform;
  readonly tolerance: number;
}

/** Where a start begins, and the seconds that it took to find. */
export interface StartPoint {
  readonly params: Params;
  readonly seconds: number;
}

/** Starts, fresh or from where they are told to, or those of an earlier fit where they stand. */
export function beginFit(
  where: string,
  problem: FitProblem,
  given: GivenFit,
  startAt?: (seed: number) => StartPoint,
): FitBegin {
  const {
    seed,
    start,
    training: { steps, starts, optimizer: named },
  } = given;
  if (start) return resumed(where, problem, start.checkpoint, given);
  const optimizer = named ?? usualOptimizer(problem, steps, startAt === undefined);
  checkSearch(where, problem, optimizer);
  const runs = Array.from(
    { length: starts },
    (_, i): FitRun => ({
      seed: seed + i,
      step: 0,
      params: problem.start(seed + i),
      memory: undefined,
      status: "running",
      dropped: false,
      seconds: 0,
      trace: { losses: [], validationLosses: [] },
      ...startAt?.(seed + i),
    }),
  );
  const checkpoint = {
    problem: problem.description,
    optimizer: describeOptimizer(optimizer),
    steps,
    runs,
  };
  return { checkpoint, optimizer, tolerance: toleranceOf(given, optimizer) };
}

/** Refuse to search along a line on which every evaluation would be of another loss. */
function checkSearch(where: string, { draws }: FitProblem, { searches, name }: GradientTransform): void {
  if (!draws || !searches) return;
  fail(where, {
    expected: "an optimizer that takes gradients as they come, where updates draw trials or noise",
    got: `${name}, which compares losses along a line: each would be of another draw`,
    fix: "Leave optimizer out or take adam; or leave training.draws out.",
  });
}

/** Where no line is searched the loss may rise at times, and its fall is no measure. */
const toleranceOf = ({ training: { tolerance } }: GivenFit, { searches }: GradientTransform): number =>
  tolerance ?? (searches ? 2e-6 : 0);

/**
 * L-BFGS on scaled parameters; Adam on a cosine, gradients clipped, where no line can be searched or nothing scales.
 * From fresh starts of what L-BFGS alone is slow with, first the one and then the other: docs/fit.md has the race.
 */
function usualOptimizer(problem: FitProblem, steps: number, fresh: boolean): GradientTransform {
  if (!canSearch(problem)) return usualAdam(steps);
  const search = scaleByCurvature(lbfgs({ memory: 20 })),
    after = Math.min(200, Math.ceil(steps / 2));
  return fresh && isFarFromQuadratic(problem) ? followedBy(usualAdam(after), search, { after }) : search;
}

/** Whether updates are of one function, whose curvature is known. */
export const canSearch = ({ draws, loss }: FitProblem): boolean =>
  !draws && !isCustom(loss) && loss.information !== undefined;

/** An orthogonal decoder turns, and controllers are networks that act on themselves. */
const isFarFromQuadratic = ({ decoder, inputs }: FitProblem): boolean =>
  decoder.description.kind === "orthogonal" ||
  [inputs.option].flat().some((option) => isRecord(option) && option.controller !== undefined);

const usualAdam = (steps: number): GradientTransform =>
  chain(clipByNorm(1), adam(cosineDecay(0.06, { steps, warmup: Math.min(10, steps - 1), floor: 0.02 })));

/** The starts of an earlier fit, checked against this problem. */
function resumed(where: string, problem: FitProblem, earlier: FitCheckpoint, given: GivenFit): FitBegin {
  checkProblem(where, problem, earlier.problem);
  checkRuns(where, earlier, given);
  const optimizer = optimizerFor(where, earlier.optimizer, given.training.optimizer),
    wanted = problem.start(given.seed),
    { steps } = given.training;
  checkSearch(where, problem, optimizer);
  for (const [i, run] of earlier.runs.entries()) checkRun(where, `start.checkpoint.runs[${i}]`, run, wanted, optimizer);
  const runs = earlier.runs.map((run): FitRun => ({ ...run, dropped: false, status: statusOf(run, steps) }));
  return {
    checkpoint: { problem: problem.description, optimizer: describeOptimizer(optimizer), steps, runs },
    optimizer,
    tolerance: toleranceOf(given, optimizer),
  };
}

/** A run that was stopped may continue; the race drops again those that it dropped. */
function statusOf({ status, step }: FitRun, steps: number): Status {
  const stopped = status === "aborted" || status === "running" || status === "exhausted";
  if (!stopped) return status;
  return step < steps ? "running" : "exhausted";
}

export function checkProblem(where: string, { description }: FitProblem, earlier: unknown): void {
  const before: Readonly<Record<string, unknown>> = isRecord(earlier) ? earlier : {};
  for (const [key, now] of Object.entries(description))
    if (JSON.stringify(before[key]) !== JSON.stringify(now))
      fail(where, {
        expected: `the data and options of the earlier fit, with ${key} ${JSON.stringify(before[key]) ?? "absent"}`,
        got: JSON.stringify(now),
        fix: "Pass what the earlier fit was given, or leave start out.",
      });
}

function checkRuns(where: string, { runs, steps }: FitCheckpoint, { seed, training }: GivenFit): void {
  if (!Array.isArray(runs) || runs.length === 0 || !Number.isInteger(steps))
    fail(where, {
      expected: "start.checkpoint { problem, optimizer, steps, runs }",
      got: show({ runs, steps }),
      fix: "Pass a fit as fitLowTensorRank gave it.",
    });
  const first = (runs[0] as Partial<FitRun> | undefined)?.seed;
  if (runs.length !== training.starts || first !== seed)
    fail(where, {
      expected: `the seed and the number of starts of the earlier fit, ${show(first)} and ${runs.length}`,
      got: `${seed} and ${training.starts}`,
      fix: "Pass seed and training.starts as the earlier fit had them.",
    });
}

/** Refuse a run whose parameters or memory are not those of this problem. */
function checkRun(where: string, name: string, run: FitRun, wanted: Params, optimizer: GradientTransform): void {
  if (!isRecord(run) || !Number.isInteger(run.step) || run.step < 0 || !isRecord(run.params))
    fail(where, {
      expected: `${name} to be a run { seed, step, params, memory, … }`,
      got: show(run),
      fix: "Pass a fit as fitLowTensorRank gave it.",
    });
  const { priorWeight } = run;
  if (priorWeight !== undefined && !(Number.isFinite(priorWeight) && priorWeight >= 0))
    fail(where, {
      expected: `${name}.priorWeight to be a finite number of at least 0`,
      got: show(priorWeight),
      fix: "Pass a fit as fitLowTensorRank gave it.",
    });
  checkParams(where, `${name}.params`, run.params, wanted);
  if (!run.best) return;
  checkParams(where, `${name}.best.params`, run.best.params, wanted);
  checkMemory(where, `${name}.memory`, optimizer, run.memory, run.params);
}

function checkParams(where: string, name: string, params: Params, wanted: Params): void {
  for (const [key, w] of Object.entries(wanted)) {
    if (!w) continue;
    checkSameShape(where, `${name}.${key}`, params[key] as Tensor, w.shape);
    checkFinite(where, `${name}.${key}`, params[key] as Tensor);
  }
}

/** The optimizer that was named, if the memory serves it; the earlier one where none was. */
function optimizerFor(
  where: string,
  earlier: OptimizerDescription,
  named: GradientTransform | undefined,
): GradientTransform {
  if (!named) return optimizerOf(where, earlier);
  if (sameOptimizer(earlier, describeOptimizer(named))) return named;
  return fail(where, {
    expected: `the optimizer of the earlier fit, ${nameOf(earlier)}, at this learning rate or another`,
    got: named.name,
    fix: "Leave training.optimizer out to continue with the earlier one, or leave start out.",
  });
}
