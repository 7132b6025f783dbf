import { describeOptimizer, type GradientTransform } from "../optim";
import type { Params } from "../tensor";
import { train, type AsyncObjective, type Objective, type Snapshot } from "../train";
import { lowestLoss } from "./best-run";
import type { FitEvaluation } from "./fit-objective";
import type { FitRun, Trace } from "./fit-result";

/** How a start is trained. */
export interface StartOptions {
  readonly optimizer: GradientTransform;
  readonly signal: AbortSignal | undefined;
  /** the smallest mean decrease of the loss per update, as a share of it; 0: all updates are made */
  readonly tolerance: number;
}

/** What a start makes small. */
export interface StartObjectives {
  /** with priors multiplied by this; undefined: as the problem says */
  at(priorWeight: number | undefined): Objective<Params, FitEvaluation> | AsyncObjective<Params, FitEvaluation>;
  /** what to multiply them by instead, now that a start has converged; undefined: by what they are */
  lighter(run: FitRun): number | undefined;
}

/**
 * A start after each of its updates, up to a number; the first time, in its current state. Where it has converged and
 * its priors turn out too heavy, it continues with lighter ones.
 */
export async function* trainStart(
  objectives: StartObjectives,
  begin: FitRun,
  steps: number,
  options: StartOptions,
): AsyncGenerator<FitRun> {
  let run = begin,
    priorWeight: number | undefined;
  do {
    priorWeight = undefined;
    for await (const next of converge(objectives.at(run.priorWeight), run, steps, options)) {
      run = next;
      if (run.status === "converged" && run.step < steps && !isRefused(run)) priorWeight = objectives.lighter(run);
      if (priorWeight === undefined) yield run;
    }
    if (priorWeight !== undefined) run = { ...run, status: "running", priorWeight };
  } while (priorWeight !== undefined);
}

/** A start with priors as they are, after each of its updates. */
async function* converge(
  objective: Objective<Params, FitEvaluation> | AsyncObjective<Params, FitEvaluation>,
  begin: FitRun,
  steps: number,
  { optimizer, signal, tolerance }: StartOptions,
): AsyncGenerator<FitRun> {
  let run = begin,
    since = performance.now();
  const limits = { optimizer, steps: steps - run.step, every: 1, ...(signal ? { signal } : {}) };
  for await (const snapshot of train(objective, startOf(run, optimizer), limits)) {
    const { step, params, memory, loss, divergence } = snapshot,
      best = bestOf(run, snapshot),
      still =
        snapshot.status === "running" && isStill(run, { step, loss, ...best }, tolerance, optimizer.searchesAfter ?? 0);
    run = {
      seed: run.seed,
      step,
      params,
      memory,
      ...(run.priorWeight === undefined ? {} : { priorWeight: run.priorWeight }),
      status: still ? "converged" : snapshot.status,
      dropped: false,
      seconds: run.seconds + (performance.now() - since) / 1000,
      trace: withLoss(run.trace, snapshot),
      mark: step % between === 0 ? { step, loss } : run.mark,
      ...(divergence ? { divergence } : {}),
      ...best,
    };
    yield run;
    if (still) return;
    since = performance.now(); // what others do between two steps is not this start's
  }
}

/** A trace with the loss of one more step; a step that occurs again where a run is resumed is not recorded twice. */
function withLoss(
  { losses, validationLosses }: Trace,
  { step, evaluation: { loss, validationLoss, validated } }: Snapshot<Params, FitEvaluation>,
): Trace {
  return {
    losses: [...losses.slice(0, step), loss],
    validationLosses: validated
      ? [...validationLosses.slice(0, step), Number.isNaN(validationLoss) ? null : validationLoss]
      : [],
  };
}

/** Updates between the losses that are compared to decide convergence. */
const between = 20;

/** Updates without a lower validation loss, after which a start is ended. */
const patience = 100;

/**
 * Whether further updates are of no use: the loss hardly falls, or the validation loss no longer does. Updates before
 * `from` have no line search: the loss may rise at times, so its decrease does not measure convergence.
 */
function isStill(
  { mark }: FitRun,
  { step, loss, best }: Pick<FitRun, "step" | "best"> & { readonly loss: number },
  tolerance: number,
  from: number,
): boolean {
  if (tolerance === 0 || !mark || mark.step < from || step % between !== 0 || step === mark.step) return false;
  return mark.loss - loss < tolerance * between * Math.abs(loss) || isRefused({ step, best });
}

/** Whether the validation entries have refused so many updates. */
const isRefused = ({ step, best }: Pick<FitRun, "step" | "best">): boolean => step - (best?.step ?? step) >= patience;

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
  const { step, params, memory } = run,
    snapshot: Partial<Snapshot<Params, FitEvaluation>> = {
      step,
      params,
      memory,
      optimizer: describeOptimizer(optimizer),
      objective: null,
    };
  return snapshot as Snapshot<Params, FitEvaluation>;
}
