import { fail, isRecord, show, type Status } from "../base";
import {
  checkMemory,
  describeOptimizer,
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

/** Starts of a fit, and what makes their updates. */
export interface Starts {
  readonly optimizer: GradientTransform;
  readonly runs: readonly FitRun[];
}

/** The starts of an earlier fit, checked against this problem. */
export function resumedStarts(where: string, problem: FitProblem, earlier: FitCheckpoint, given: GivenFit): Starts {
  checkProblem(where, problem, earlier.problem);
  checkRuns(where, earlier, given);
  const optimizer = optimizerFor(where, earlier.optimizer, given.training.optimizer),
    wanted = problem.start(given.seed),
    { steps } = given.training;
  for (const [i, run] of earlier.runs.entries()) checkRun(where, `start.checkpoint.runs[${i}]`, run, wanted, optimizer);
  return {
    optimizer,
    runs: earlier.runs.map((run): FitRun => ({ ...run, dropped: false, status: statusOf(run, steps) })),
  };
}

/** A stopped run can continue; the race drops again the starts that it had dropped. */
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

/** The given optimizer, if it can use the memory; the earlier one if none was given. */
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
