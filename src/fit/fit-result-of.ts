import { fail, provenance, type Status } from "../base";
import { dispersionAt, expectedTargets, isCustom, type Loss } from "../losses";
import { pick } from "../parts";
import { simulate } from "../run";
import { explainedIn, type Explained } from "../scores";
import type { Params, Tensor3 } from "../tensor";
import { bestRun, bestStep, lowestLoss } from "./best-run";
import { inCanonicalGauge } from "./canonical-gauge";
import { inCanonicalInputs } from "./canonical-inputs";
import { compose } from "./compose";
import type { GivenFit } from "./fit-options";
import type { FitProblem } from "./fit-problem";
import type { BestStep, FitCheckpoint, FitRun, FitStart, LowTensorRankFit, Replicability } from "./fit-result";
import { matcherOf, type FittedNetwork } from "./match-fits";
import { modelInUnits } from "./model-in-units";
import { innovationIn, observedOf } from "./observed-of";
import { outputsInUnit } from "./output-unit";
import { withPositiveGains } from "./positive-gains";
import { withoutPreparation } from "./preparation";
import { isAlive, longestStage, plannedSteps } from "./race-starts";
import { inputsInUnits } from "./read-inputs";
import { trialKernelOption } from "./read-trial-factors";

/** The best fit so far, in the activity's unit: the step with the lowest validation loss among all starts. */
export function fitResultOf(problem: FitProblem, checkpoint: FitCheckpoint, given: GivenFit): LowTensorRankFit {
  const { runs, steps } = checkpoint,
    { head, inputs, dt, precision, standardized, unit, loss: compared } = problem,
    conditions = problem.initialStates.rows,
    { step, loss, validationLoss, params } = bestStep(runs) as BestStep,
    lossUnit = standardized ? unit.scale * unit.scale : 1;
  const { model, inputs: drive, customParams } = compose(problem, params),
    { outputs: all } = simulate(model, drive, {
      dt,
      precision,
      conditions,
      ...observedOf(problem),
      ...innovationIn(problem),
    }),
    outputs = withoutPreparation(all, problem.preparation),
    inUnit = standardized ? outputsInUnit(outputs, unit) : outputs,
    prediction = head ? head.predict(outputs, customParams) : expectedOf(compared, inUnit),
    changing = inputs.model.changing?.(pick(params, inputs.names));
  const status = statusOf(runs),
    inUnits = withPositiveGains(modelInUnits(problem, params), problem.setting.phi),
    { gauge, model: ofComponents } = inCanonicalGauge(inUnits, problem.rank),
    driven = { model: ofComponents, inputs: inputsInUnits(inputs, drive) },
    canonical = changing ? inCanonicalInputs({ ...driven, changing }) : { ...driven, changing };
  return {
    model: canonical.model,
    rank: problem.rank,
    gauge,
    replicability: status === "running" ? [] : replicability(problem, runs),
    inputs: canonical.inputs,
    ...(canonical.changing ? { changingInputs: canonical.changing } : {}),
    preparation: problem.preparation,
    conditions,
    conditionLabels: problem.conditionLabels,
    trialConditions: problem.conditions,
    dt,
    prediction,
    ...firingRatesOf(compared, prediction),
    customParams,
    ...dispersionOf(compared, customParams),
    ...problem.remarks,
    loss: loss * lossUnit,
    validationLoss: validationLoss * lossUnit,
    explained: explainedOf(problem, prediction, given),
    bestStep: step,
    seconds: runs.reduce((sum, run) => sum + run.seconds, 0),
    steps: runs.reduce((sum, run) => sum + run.step, 0),
    stepsAtMost: plannedSteps(runs.length, steps, longestStage(problem)),
    starts: runs.map((run) => startOf(run, lossUnit)),
    status,
    checkpoint,
    provenance: provenance("fitLowTensorRank", given.seed, optionsOf(problem, checkpoint, given), problem.description),
  };
}

/** How much of the activity, in its own unit, a prediction explains. */
function explainedOf(
  { recorded: { activity, train, validation }, loss }: FitProblem,
  prediction: Tensor3,
  { conditions }: GivenFit,
): LowTensorRankFit["explained"] {
  const deviance = !isCustom(loss) && loss.targets === "counts" ? "poisson" : "variance";
  const over = (mask: Tensor3): Explained =>
    explainedIn("fitLowTensorRank", activity, prediction, {
      train,
      over: mask,
      deviance,
      ...(conditions ? { conditions } : {}),
    });
  return { training: over(train), ...(validation ? { validation: over(validation) } : {}) };
}

/** What a loss expects of the activity; a custom one compares it with the outputs themselves. */
const expectedOf = (loss: Loss, outputs: Tensor3): Tensor3 =>
  isCustom(loss) ? outputs : expectedTargets(outputs, loss);

/** With a loss on counts. */
function firingRatesOf(loss: Loss, { shape, data }: Tensor3): Pick<LowTensorRankFit, "firingRates"> {
  const binWidth = isCustom(loss) ? undefined : loss.binWidth;
  return binWidth === undefined ? {} : { firingRates: { shape, data: data.map((count) => count / binWidth) } };
}

/** With a loss that learns how much counts vary. */
const dispersionOf = (loss: Loss, { logDispersion }: Params): Pick<LowTensorRankFit, "dispersion"> =>
  isCustom(loss) || !loss.learned || !logDispersion ? {} : { dispersion: Array.from(logDispersion.data, dispersionAt) };

/** The options that make the fit again with the same data; parts as their descriptions. */
function optionsOf(
  { units, inputs, trialFactors, lossDescription, head }: FitProblem,
  { steps, runs, optimizer }: FitCheckpoint,
  { network, training, decoder }: GivenFit,
): Readonly<Record<string, unknown>> {
  const { precision, threads, tolerance, penalties, draws } = training;
  return {
    inputs: inputs.option,
    decoder: head ? { kind: "head", name: head.name } : decoder,
    network: {
      units,
      tau: network.tau,
      dt: network.dt,
      phi: network.phi,
      trialKernel: trialKernelOption(network.trialKernel, trialFactors.description),
      staticRank: network.staticRank,
      initialStates: network.initialStates,
      span: network.span,
      filter: network.filter,
      preparation: network.preparation,
    },
    training: {
      steps,
      starts: runs.length,
      optimizer,
      tolerance,
      loss: lossDescription,
      precision,
      threads,
      penalties,
      draws,
    },
  };
}

/** How the fit stands; at its end, as its best start does. */
function statusOf(runs: readonly FitRun[]): Status {
  if (runs.some(({ status }) => status === "aborted")) return "aborted";
  if (runs.some(isAlive)) return "running";
  return (bestRun(runs) as FitRun).status;
}

/** Refuse a problem at which every start diverges at once: there is nothing to continue from. */
export function checkStarted(where: string, { runs }: FitCheckpoint): void {
  const { divergence } = runs[0];
  if (divergence && runs.every(({ best }) => !best))
    fail(where, {
      expected: "a start whose states and loss are finite",
      got: divergence.reason,
      fix: "Bring known inputs to a size near 1, and check what a head or a custom loss gives at the start.",
    });
}

/** How the best start agrees with the others, each at its best step. */
function replicability(problem: FitProblem, runs: readonly FitRun[]): Replicability[] {
  const best = bestStep(runs) as BestStep,
    fittedOf = ({ params }: BestStep): FittedNetwork => {
      const { model, inputs } = compose(problem, params);
      return { model, rank: problem.rank, inputs, conditions: problem.initialStates.rows, dt: problem.dt };
    };
  const others = runs.flatMap((run) => (run.best && run.best !== best ? [{ seed: run.seed, at: run.best }] : []));
  if (others.length === 0) return [];
  const matchWith = matcherOf(fittedOf(best));
  return others.map(({ seed, at }) => ({ seed, step: at.step, ...matchWith(fittedOf(at)) }));
}

const startOf = (run: FitRun, unit: number): FitStart => ({
  seed: run.seed,
  steps: run.step,
  validationLoss: lowestLoss(run) * unit,
  status: run.status,
  dropped: run.dropped,
  trace: {
    losses: run.trace.losses.map((loss) => loss * unit),
    validationLosses: run.trace.validationLosses.map((loss) => (loss === null ? null : loss * unit)),
  },
  ...(run.divergence ? { divergence: run.divergence } : {}),
});
