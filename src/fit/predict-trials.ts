import { fail, failingAs, isRecord, provenance, readOptions, show, type FieldsOf, type Provenance } from "../base";
import { checkLabels, type Labels } from "../masks";
import { expectedTargets, isShipped, type LossDescription } from "../losses";
import { pick, trialFactorsFrom, type PartDescription, type RefusedPrediction } from "../parts";
import { simulate } from "../run";
import { checkFinite, checkTensor3, zeros, type Matrix, type Tensor3 } from "../tensor";
import { bestStep } from "./best-run";
import type { LowTensorRankFit } from "./fit-result";
import { checkNewConditions, newConditionFields, type NewCondition } from "./new-conditions";
import { conditionsOf, inputsOf, startsOf } from "./of-conditions";
import { withoutPreparation } from "./preparation";

/** Trials that were not fitted. */
export interface NewTrials {
  /** when each takes place, in the unit of the prior's times: by default the trials that were fitted are 0, 1, 2 … */
  readonly times: readonly number[];
  /** the condition of each, fitted or among `newConditions`; absent: all are of the first that was fitted */
  readonly conditions?: Labels;
  /** conditions that were not fitted, with their inputs and initial states; absent: none */
  readonly newConditions?: readonly NewCondition[];
  /** the epoch of each, as a label of the fit's epochs; absent: where the fit has one epoch */
  readonly epochs?: Labels;
  /**
   * what drives each (trials × time × inputs), the bins of a preparatory period first; absent: what their conditions
   * learned
   */
  readonly inputs?: Tensor3;
}

/** Predicted trials. Plain data. */
export interface PredictedTrials {
  readonly status: "predicted";
  /**
   * at the mean of the trial factors (trials × time × outputs), in the activity's unit: with a loss of the library on
   * counts, the counts that are expected; with a head or a custom loss, the network's outputs
   */
  readonly prediction: Tensor3;
  /** by the prior, given the factors of the fitted trials as exact: (trials × rank) each, in the gauge of the fit */
  readonly trialFactors: { readonly mean: Matrix; readonly variance: Matrix };
  readonly provenance: Provenance;
}

const fields = {
  times: { is: "list", of: { is: "number" }, needed: true },
  conditions: { is: "checked", check: checkLabels },
  newConditions: { is: "list", of: { is: "record", of: newConditionFields }, fallback: [] },
  epochs: { is: "checked", check: checkLabels },
  inputs: { is: "checked", check: checkTensor3 },
} as const satisfies FieldsOf<NewTrials>;

/**
 * Predict trials that were not fitted: trial factors by their prior, initial states and inputs by their condition. A
 * prior that does not determine new trials gives a refusal with the reason. Conditions may be new too: `newConditions`
 * gives their inputs and initial states, for the fitted network.
 *
 * The variance is that of the trial factors alone. For initial states of single trials the mean of the condition is
 * taken.
 *
 * @param fit - of `fitLowTensorRank`, with a prior of the library
 * @throws {@link LtrnnError} for labels that are neither fitted nor in `newConditions`, inputs or states of other
 * sizes, activity that overflows, and a custom prior or inputs that change over trials, which must be given
 * @remarks O(trials³) for a Gaussian process, and one run of the new trials.
 * @see Rasmussen & Williams (2006), Gaussian Processes for Machine Learning, section 2.2
 * @example predictTrials(await fitLowTensorRank(zeros([4, 6, 3]), 1, { decoder: "identity", training: { steps: 2,
 * starts: 1 } }), { times: [4, 5] }).status // "predicted"
 */
export function predictTrials(fit: LowTensorRankFit, trials: NewTrials): PredictedTrials | RefusedPrediction {
  const where = "predictTrials";
  checkFit(where, fit);
  const given = readOptions<NewTrials, typeof fields>(where, trials, fields, "trials"),
    { times, conditions, newConditions, epochs, inputs } = given,
    { model, rank, preparation, dt } = fit;
  checkNewConditions(where, fit, newConditions, inputs !== undefined);
  const ofTrials = conditionsOf(where, fit, conditions, newConditions, times.length);
  const factors = predictedFactors(where, fit, times, epochs);
  if (factors.status === "refused") return factors;
  const c = withStatic(factors.mean, model.params.c.shape[1]),
    drive = inputs ?? inputsOf(where, fit, ofTrials);
  checkInputs(where, drive, [times.length, fit.inputs.shape[1], fit.inputs.shape[2]]);
  const { filterGain: _, ...params } = model.params,
    free = model.with({ params: { ...params, filterGain: undefined, c, x0: startsOf(fit, ofTrials) } }),
    { outputs } = failingAs(where, () => simulate(free, drive, { dt }));
  return {
    status: "predicted",
    prediction: expectedOf(fit, withoutPreparation(outputs, preparation)),
    trialFactors: { mean: factors.mean, variance: factors.variance },
    provenance: provenance(where, null, { times, rank }, { fit: fit.provenance }),
  };
}

/** What the loss of the fit expects where outputs are these. */
export function expectedOf({ provenance: { facts } }: LowTensorRankFit, outputs: Tensor3): Tensor3 {
  const description = facts.loss as LossDescription;
  return isShipped({ description }) ? expectedTargets(outputs, description) : outputs;
}

/** Mean and variance of the new trial factors, in the gauge of the fit. */
function predictedFactors(where: string, fit: LowTensorRankFit, times: readonly number[], epochs: Labels | undefined) {
  const { gauge, rank, checkpoint } = fit,
    description = fit.provenance.facts.trialFactors as PartDescription,
    prior = trialFactorsFrom(description);
  const best = bestStep(checkpoint.runs);
  if (!best || best.step !== fit.bestStep)
    fail(where, {
      expected: "a fit with its checkpoint",
      got: "one whose best step is not in it",
      fix: "Pass the fit as fitLowTensorRank gave it.",
    });
  const params = pick(best.params, Object.keys(prior.start(rank))),
    predicted = failingAs(where, () => prior.predict(params, times, epochs));
  if (predicted.status === "refused") return predicted;
  const { order, signs } = gauge;
  const gauged = ({ shape, data }: Matrix, power: 1 | 2): Matrix => ({
    shape,
    data: data.map((_, i) => (power === 1 ? signs[i % rank] : 1) * data[i - (i % rank) + order[i % rank]]),
  });
  return { ...predicted, mean: gauged(predicted.mean, 1), variance: gauged(predicted.variance, 2) };
}

/** Factors of the static columns, which are 1, after those that change. */
function withStatic(mean: Matrix, columns: number): Matrix {
  const [trials, rank] = mean.shape;
  if (columns === rank) return mean;
  const c = zeros([trials, columns]);
  c.data.forEach((_, i) => {
    c.data[i] = i % columns < rank ? mean.data[Math.floor(i / columns) * rank + (i % columns)] : 1;
  });
  return c;
}

function checkInputs(where: string, inputs: Tensor3, shape: readonly number[]): void {
  if (inputs.shape.join() !== shape.join())
    fail(where, {
      expected: `inputs (${shape.join(" × ")})`,
      got: `(${inputs.shape.join(" × ")})`,
      fix: "Pass what drives every new trial, in the inputs of the fit.",
    });
  checkFinite(where, "inputs", inputs);
}

function checkFit(where: string, fit: LowTensorRankFit): void {
  if (
    isRecord(fit) &&
    isRecord(fit.checkpoint) &&
    Array.isArray(fit.checkpoint.runs) &&
    isRecord(fit.gauge) &&
    isRecord(fit.provenance?.facts)
  )
    return;
  fail(where, {
    expected: "fit to be what fitLowTensorRank gave",
    got: show(fit),
    fix: "Pass the fit itself, with its checkpoint and provenance.",
  });
}
