import { fail, failingAs, isRecord, provenance, readOptions, show, type FieldsOf, type Provenance } from "../base";
import { LowTensorRankRNN } from "../models";
import { checkPart, linearPrior, trialFactorsFrom, type PartDescription, type TrialFactors } from "../parts";
import { checkTensor, zeros, type Matrix, type Tensor3 } from "../tensor";
import { checkPrediction, factorInformation, gaugedModel, scaledColumns } from "./factor-information";
import type { LowTensorRankFit } from "./fit-result";
import { mixingInformation } from "./mixing-information";
import { posteriorMode } from "./posterior-mode";
import { factorCovariances, precisionRoot } from "./posterior-precision";
import { observedCount, readMasks } from "./read-masks";

export interface TrialFactorUncertaintyOptions {
  /** 1 where the fit saw the activity, 0 elsewhere (trials × time × neurons): its own mask. Absent: all */
  readonly mask?: Tensor3;
  /** the prior; default that of the fit, where it is one of the library's */
  readonly trialFactors?: TrialFactors;
}

/** Trial factors with their uncertainty. */
export interface TrialFactorUncertainty {
  /** the factors of largest posterior probability, in the gauge of the fit's model (trials × rank) */
  readonly factors: Matrix;
  /** their standard deviations (trials × rank) */
  readonly deviations: Matrix;
  /** between the components of each trial (trials × rank × rank) */
  readonly covariances: Tensor3;
  /** standard deviation of what the fit leaves, in the activity's unit */
  readonly noise: number;
  /** how many parameters the factors are worth: all of them without a prior, fewer with one */
  readonly effectiveParameters: number;
  /** the largest distance of the fit's factors from those of largest probability, in standard deviations */
  readonly shift: number;
  /** "exhausted" where the factors of largest probability were not reached */
  readonly status: "converged" | "exhausted";
  /** what the deviations are of, and what they leave out */
  readonly covers: string;
  readonly provenance: Provenance;
}

const fields = {
  mask: { is: "checked", check: (where, name, value) => checkTensor(where, name, value, 3) },
  trialFactors: { is: "checked", check: (where, name, value) => checkPart(where, name, value, "gaussianTrialFactors") },
} as const satisfies FieldsOf<TrialFactorUncertaintyOptions>;

const covers =
  "Noise of the activity that is independent from entry to entry and as large in all of them, given the prior and its " +
  "length, and with column and row factors, inputs, initial states and decoder as the fit has them. Left out: how well " +
  "these are known, other solutions of the fit, and noise that is correlated over time or neurons. A bootstrap covers " +
  "more.";

/**
 * Standard deviations of fitted trial factors, by Laplace's approximation: the posterior of the whitened factors under
 * their prior, with the precision of Gauss and Newton, `J'J / sigma² + I`. J is exact: trial factors enter the drive
 * linearly, and the tangents of every trial are run forward through its dynamics. The noise's variance sigma² is that
 * of the residuals, over their number less the parameters.
 *
 * @param fit - as {@link fitLowTensorRank} gave it, with half the mean squared error as its loss
 * @param activity - that of the fit
 * @returns factors of largest posterior probability, which a fit without `noiseShare` stops short of or goes beyond, and
 * their deviations, in the gauge of `fit.model`: columns of a and b of unit length
 * @throws {@link LtrnnError} when the fit has a head or a custom loss, its prior is not linear in normal parameters, or
 * activity and mask are not those of the fit
 * @remarks O(trials · time · rank · (units · rank + units · neurons) + (parameters of the factors)³); with thousands of
 * trials, fit in a basis of the kernel.
 * @see MacKay (1992), A practical Bayesian framework for backpropagation networks, Neural Computation 4
 * @example trialFactorUncertainty(await fitLowTensorRank(tensor([4, 6, 3], Array.from({ length: 72 }, random(1).normal)), 1, { decoder: "identity", inputs: 1, training: { steps: 2, starts: 1 } }), tensor([4, 6, 3], Array.from({ length: 72 }, random(1).normal))).deviations.shape // [4, 1]
 */
export function trialFactorUncertainty(
  fit: LowTensorRankFit,
  activity: Tensor3,
  options: TrialFactorUncertaintyOptions = {},
): TrialFactorUncertainty {
  const where = "trialFactorUncertainty",
    { mask, trialFactors } = readOptions(where, options, fields);
  checkFit(where, fit);
  checkTensor(where, "activity", activity, 3);
  const { train } = readMasks(where, activity, { mask, validation: undefined }),
    factors = priorOf(where, fit, trialFactors),
    prior = linearPrior(where, factors),
    { model, scales } = gaugedModel(fit),
    rank = scales.length,
    entries = observedCount(train),
    observations = { model, fit, activity, mask: train };
  checkPrediction(where, model, fit);
  checkActivity(where, fit, factorInformation(observations, model.params.c).squares / entries / 2);
  const { c, variance, effective, converged } = posteriorMode(where, {
    prior,
    observations,
    entries,
    shared: sharedParameters(fit, factors),
    leastVariance: 1e-24 * meanSquare(activity, train) || 1,
  });
  const products = mixingInformation(observations, c),
    covariances = factorCovariances(precisionRoot(where, prior, products, rank, variance), prior, rank);
  const deviations = zeros(c.shape);
  let shift = 0;
  for (let index = 0; index < c.data.length; index++) {
    const r = index % rank,
      deviation = Math.sqrt(covariances.data[index * rank + r]);
    shift = Math.max(shift, Math.abs(c.data[index] - model.params.c.data[index]) / deviation);
    deviations.data[index] = deviation / scales[r];
  }
  const between = covariances.data.map(
    (x, index) => x / scales[Math.floor(index / rank) % rank] / scales[index % rank],
  );
  return {
    factors: scaledColumns(c, (r) => 1 / scales[r]),
    deviations,
    covariances: { shape: covariances.shape, data: between },
    noise: Math.sqrt(variance),
    effectiveParameters: effective,
    shift,
    status: converged ? "converged" : "exhausted",
    covers,
    provenance: provenance(
      where,
      null,
      { trialFactors: factors.description },
      { fit: fit.provenance.facts, masked: mask !== undefined },
    ),
  };
}

/** The prior that was asked for, or that of the fit. */
function priorOf(
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

/** How many numbers were fitted beside trial factors. */
function sharedParameters({ checkpoint: { runs } }: LowTensorRankFit, prior: TrialFactors): number {
  const own = Object.keys(prior.start(1)),
    params = runs[0].params;
  return Object.entries(params).reduce((sum, [name, x]) => sum + (own.includes(name) ? 0 : (x?.data.length ?? 0)), 0);
}

function meanSquare({ data }: Tensor3, mask: Tensor3): number {
  let sum = 0;
  for (let index = 0; index < data.length; index++) if (mask.data[index] !== 0) sum += data[index] * data[index];
  return sum / observedCount(mask);
}

function checkFit(where: string, fit: LowTensorRankFit): void {
  if (
    !isRecord(fit) ||
    !(fit.model instanceof LowTensorRankRNN) ||
    !isRecord(fit.provenance) ||
    !isRecord(fit.checkpoint)
  )
    fail(where, {
      expected: "fit to be what fitLowTensorRank gave, with its model",
      got: show(fit),
      fix: "Pass the fit; of one from a file, bring the model back with modelFromJson.",
    });
  const { loss } = fit.provenance.facts as { readonly loss?: { readonly kind?: unknown } };
  if (loss?.kind !== "meanSquaredError")
    fail(where, {
      expected: "a fit of half the mean squared error, whose residuals say how large the noise is",
      got: `the loss ${show(loss?.kind)}`,
      fix: "Ask for a bootstrap of the fit, which takes any loss.",
    });
}

/** Refuse activity that the fit did not see: it leaves more of it than of its own. */
function checkActivity(where: string, { loss }: LowTensorRankFit, now: number): void {
  if (!(now <= loss * 1.001 + Number.MIN_VALUE))
    fail(where, {
      expected: `the activity and mask of the fit, whose loss is ${loss}`,
      got: `such that it is ${now}`,
      fix: "Pass what fitLowTensorRank was given.",
    });
}
