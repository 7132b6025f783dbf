import { checkWhole, fail, failingAs, isRecord, show } from "../base";
import { bestRun, observedCount, type LowTensorRankFit } from "../fit";
import { LowTensorRankRNN } from "../models";
import { trialFactorsFrom, type PartDescription, type TrialFactors } from "../parts";
import { checkSameShape, checkTensor, indexOf, parameterCount, type Tensor3 } from "../tensor";

// Checks of a fit and its activity, and what is read from them.

/** The given prior, or that of the fit. */
export function priorOf(
  where: string,
  { provenance: { facts }, model }: LowTensorRankFit,
  given: TrialFactors | undefined,
): TrialFactors {
  const prior = given ?? failingAs(where, () => trialFactorsFrom(facts.trialFactors as PartDescription));
  if (prior.trials !== model.trials)
    fail(where, {
      expected: `trial factors of ${model.trials} trials, those of the fit`,
      got: String(prior.trials),
      fix: "Leave trialFactors out, or build them for the trials of the fit.",
    });
  return prior;
}

/** The number of fitted parameters other than trial factors. */
export function sharedParameters({ checkpoint: { runs } }: LowTensorRankFit, prior: TrialFactors): number {
  return parameterCount(runs[0].params, Object.keys(prior.start(1)));
}

/**
 * Whether the validation entries chose a step before the last of its start: later updates lower the training loss, and
 * raise the validation loss.
 */
export function keptEarlier({ checkpoint: { runs } }: LowTensorRankFit): boolean {
  const kept = bestRun(runs);
  return kept?.best !== undefined && kept.trace.validationLosses.length > 0 && kept.best.step < kept.step;
}

export function meanSquare({ data }: Tensor3, mask: Tensor3): number {
  let sum = 0;
  for (let index = 0; index < data.length; index++) if (mask.data[index] !== 0) sum += data[index] * data[index];
  return sum / observedCount(mask);
}

export function checkFit(where: string, fit: LowTensorRankFit): void {
  checkWholeFit(where, fit);
  const { loss: compared } = fit.provenance.facts as { readonly loss?: { readonly kind?: unknown } };
  if (compared?.kind !== "meanSquaredError")
    fail(where, {
      expected: "a fit of half the mean squared error, whose residuals say how large the noise is",
      got: `the loss ${show(compared?.kind)}`,
      fix: "Ask bootstrapFit, which takes counts too.",
    });
}

/** Refuse what is not a fit. */
export function checkWholeFit(where: string, fit: LowTensorRankFit): void {
  const { model, inputs, conditions, conditionLabels, prediction, preparation, rank, loss, checkpoint, provenance } = (
    isRecord(fit) ? fit : {}
  ) as Partial<LowTensorRankFit>;
  const whole =
    model instanceof LowTensorRankRNN &&
    Array.isArray(conditions) &&
    Array.isArray(conditionLabels) &&
    Array.isArray(checkpoint?.runs) &&
    isRecord(checkpoint.runs[0]) &&
    isRecord(checkpoint.runs[0].params) &&
    isRecord(provenance) &&
    isRecord(provenance.facts) &&
    Number.isFinite(loss);
  if (!whole)
    fail(where, {
      expected: "fit to be what fitLowTensorRank gave, with its model",
      got: show(fit),
      fix: "Pass the fit; of one from a file, bring the model back with modelFromJson.",
    });
  if (typeof model.setting.tau !== "number")
    fail(where, {
      expected: "a network whose units have one time constant, as fits have",
      got: "one for each unit",
      fix: "Pass the fit as fitLowTensorRank gave it.",
    });
  checkWhole(where, "fit.rank", rank as number, 1, model.rank);
  checkTensor(where, "fit.inputs", inputs, 3);
  checkTensor(where, "fit.prediction", prediction, 3);
  checkWhole(where, "fit.preparation", preparation as number, 0, (inputs as Tensor3).shape[1] - 1);
}

/** Refuse missing entries without a mask where the fit had one: the mask of the fit covers them. */
export function checkMaskOfFit(
  where: string,
  { provenance: { facts } }: LowTensorRankFit,
  { shape, data }: Tensor3,
  mask: Tensor3 | undefined,
): void {
  const missing = data.findIndex((x) => !Number.isFinite(x));
  if (!mask && facts.mask && missing >= 0)
    fail(where, {
      expected: "the mask of the fit, or finite entries in activity",
      got: `no mask, and ${data[missing]} at index [${indexOf(shape, missing).join(", ")}]`,
      fix: `Pass the mask that the fit was given: ${where}(fit, activity, { mask }).`,
    });
}

/** Refuse activity that is not that of the fit: its loss is larger. */
export function checkLoss(
  where: string,
  { loss, prediction }: LowTensorRankFit,
  { data }: Tensor3,
  mask: Tensor3,
): void {
  let squares = 0;
  for (let index = 0; index < data.length; index++)
    if (mask.data[index] !== 0)
      squares += (data[index] - prediction.data[index]) * (data[index] - prediction.data[index]);
  const now = squares / observedCount(mask) / 2;
  if (!(now <= loss * 1.001 + Number.MIN_VALUE))
    // single precision is off by less
    fail(where, {
      expected: `the activity and mask of the fit, whose loss is ${loss}`,
      got: `such that it is ${now}`,
      fix: "Pass the activity and the mask that fitLowTensorRank was given.",
    });
}

/** Refuse a fit whose prediction is not the outputs of its network alone: those of a head, or of a filter. */
export function checkPrediction(where: string, fit: LowTensorRankFit, activity: Tensor3, outputs: Tensor3): void {
  const { prediction } = fit;
  checkSameShape(where, "activity", activity, prediction.shape, "the fit's prediction");
  let scale = 0,
    largest = outputs.data.length === prediction.data.length ? 0 : Number.POSITIVE_INFINITY;
  for (let index = 0; index < prediction.data.length; index++) {
    scale = Math.max(scale, Math.abs(prediction.data[index]));
    largest = Math.max(largest, Math.abs(prediction.data[index] - outputs.data[index]));
  }
  if (!(largest <= 1e-3 * scale))
    // single precision is off by less
    fail(where, {
      expected: "a fit whose prediction is the outputs of its network",
      got: `one that differs from them by ${largest}, of ${scale}`,
      fix: "Ask bootstrapFit, which takes any decoder.",
    });
}
