import { failingAs, provenance, readOptions, type FieldsOf, type Provenance } from "../base";
import { observedCount, readMasks, withoutPreparation, type LowTensorRankFit } from "../fit";
import { checkPart, type TrialFactors } from "../parts";
import { simulate } from "../run";
import { checkTensor, matmul, type Matrix, type Tensor3 } from "../tensor";
import { factorPosterior } from "./factor-posterior";
import {
  checkFit,
  checkLoss,
  checkMaskOfFit,
  checkPrediction,
  keptEarlier,
  meanSquare,
  priorOf,
  sharedParameters,
} from "./fitted-activity";
import { gaugedModel, scaledColumns } from "./gauged-model";
import { linearPrior } from "./linear-prior";
import { networkSpan } from "./network-span";
import { posteriorMode } from "./posterior-mode";
import { sharedTangents, type SharedTangents } from "./shared-tangents";
import { factorTangents } from "./tangent";
import { tangentInformation } from "./tangent-information";

export interface TrialFactorUncertaintyOptions {
  /** the mask of the fit: 1 at training entries, 0 elsewhere (trials × time × neurons). Absent: all entries */
  readonly mask?: Tensor3;
  /** the prior; default that of the fit, if it is one of the library's */
  readonly trialFactors?: TrialFactors;
  /**
   * "estimated": inputs, initial states and weights were estimated from the same activity, and their errors are part of
   * the uncertainty. "known": they are treated as exact. Default "estimated"
   */
  readonly network?: "estimated" | "known";
}

/** Trial factors with their uncertainty. */
export interface TrialFactorUncertainty {
  /**
   * the factors of largest posterior probability, in the gauge of the fit's model (trials × rank); where validation
   * entries chose a step before the last, the most probable ones for the network of that step
   */
  readonly factors: Matrix;
  /** their standard deviations (trials × rank) */
  readonly deviations: Matrix;
  /** between the components of each trial (trials × rank × rank) */
  readonly covariances: Tensor3;
  /** standard deviation of the residuals of the fit, in the activity's unit */
  readonly noise: number;
  /** effective number of parameters of the factors: all of them without a prior, fewer with one */
  readonly effectiveParameters: number;
  /** the largest distance of the fit's factors from those of largest probability, in standard deviations */
  readonly shift: number;
  /**
   * "exhausted" where the fit is more than three standard deviations from `factors`, which are then unreliable:
   * continue the fit, with a lower tolerance. Where validation entries chose a step before the last, the distance does
   * not count
   */
  readonly status: "converged" | "exhausted";
  /** which errors the deviations include, and which they leave out */
  readonly covers: string;
  readonly provenance: Provenance;
}

const fields = {
  mask: { is: "checked", check: (where, name, value) => checkTensor(where, name, value, 3) },
  trialFactors: { is: "checked", check: (where, name, value) => checkPart(where, name, value, "gaussianTrialFactors") },
  network: { is: "name", of: ["estimated", "known"], fallback: "estimated" },
} as const satisfies FieldsOf<TrialFactorUncertaintyOptions>;

/**
 * Trial factors with standard deviations, by Laplace's approximation: the posterior of the whitened factors under their
 * prior, with the Gauss-Newton precision `J'J / sigma² + I`. J is exact: tangents of every trial are run forward
 * through its dynamics. The noise variance sigma² is the sum of squared residuals over their number less the number of
 * parameters.
 *
 * Inputs, initial states and weights were estimated from the same activity. Their errors are included, within the span
 * of the network: components mix, and the mean of a factor is nearly interchangeable with inputs. Activity does not
 * determine the scale of a component: row factors keep their length in the metric of the rates, which sets the scale.
 *
 * @param fit - as {@link fitLowTensorRank} gave it, with half the mean squared error as its loss
 * @param activity - that of the fit
 * @returns factors in the gauge of `fit.model`. They are one Gauss-Newton step from the fit, in the factors and in the
 * parameters that trials share: where `shift` is large, the fit is farther from its optimum than the noise explains,
 * and the step is unreliable. Continue the fit, with a lower `training.tolerance`. Where validation entries chose a
 * step before the last, shared parameters stay as fitted: more updates would raise the validation loss
 * @throws {@link LtrnnError} when the fit has a head or another loss, its prior is not linear in normal parameters, or
 * activity and mask are not those of the fit
 * @remarks O(trials · time · (rank + inputs) · tangents² + parameters³): tangents are the inputs in all bins of a trial
 * and some hundred more, parameters those of trial factors and of all inputs. With thousands of trials, fit in a basis.
 * @see MacKay (1992), A practical Bayesian framework for backpropagation networks, Neural Computation 4
 * @example trialFactorUncertainty(await fitLowTensorRank(tensor([4, 6, 3], Array.from({ length: 72 },
 * random(1).normal)), 1, { decoder: "identity", inputs: 1, training: { steps: 2, starts: 1 } }), tensor([4, 6, 3],
 * Array.from({ length: 72 }, random(1).normal))).deviations.shape // [4, 1]
 */
export function trialFactorUncertainty(
  fit: LowTensorRankFit,
  activity: Tensor3,
  options: TrialFactorUncertaintyOptions = {},
): TrialFactorUncertainty {
  const where = "trialFactorUncertainty",
    { mask, trialFactors, network } = readOptions(where, options, fields);
  checkFit(where, fit);
  checkTensor(where, "activity", activity, 3);
  checkMaskOfFit(where, fit, activity, mask);
  const { train } = readMasks(where, activity, { mask, validation: undefined }),
    factors = priorOf(where, fit, trialFactors),
    prior = linearPrior(where, factors),
    { model, factors: begin, scales } = gaugedModel(fit),
    { rates, outputs } = failingAs(where, () =>
      simulate(model, fit.inputs, { dt: fit.dt, conditions: fit.conditions }),
    );
  checkPrediction(where, fit, activity, withoutPreparation(outputs, fit.preparation));
  checkLoss(where, fit, activity, train);
  const span = networkSpan(model, rates),
    observations = { model, span, fit, activity, mask: train },
    mode = posteriorMode(where, {
      prior,
      observations,
      begin,
      entries: observedCount(train),
      shared: sharedParameters(fit, factors),
      leastVariance: 1e-24 * meanSquare(activity, train) || 1,
    }),
    shared = network === "known" ? undefined : sharedTangents(model, span, fit),
    tangents = [...factorTangents(fit.rank), ...(shared?.tangents ?? [])],
    information = tangentInformation(observations, mode.c, tangents),
    posterior = factorPosterior(where, prior, information, mode.theta, mode.variance, shared),
    stopped = shared !== undefined && keptEarlier(fit),
    c = stopped ? mode.c : plus(mode.c, matmul(prior.design, posterior.step));
  const gauged = inGauge(c, posterior.covariances(), scales),
    shift = largestShift(
      gauged,
      scaledColumns(begin, (r) => 1 / scales[r]),
    );
  return {
    ...gauged,
    noise: Math.sqrt(mode.variance),
    effectiveParameters: mode.effective,
    shift,
    status: mode.converged && (stopped || shift < farthest) ? "converged" : "exhausted",
    covers: coverageOf(shared, stopped),
    provenance: provenance(
      where,
      null,
      { trialFactors: factors.description, network },
      { fit: fit.provenance.facts, masked: mask !== undefined },
    ),
  };
}

/** The largest distance from the optimum, in standard deviations, at which a fit counts as converged. */
const farthest = 3;

/** Factors and their covariances in the gauge of the fit's model. */
function inGauge(
  c: Matrix,
  { shape, data }: Tensor3,
  scales: readonly number[],
): Pick<TrialFactorUncertainty, "factors" | "deviations" | "covariances"> {
  const rank = scales.length,
    scaled = data.map((x, index) => x / scales[Math.floor(index / rank) % rank] / scales[index % rank]);
  return {
    factors: scaledColumns(c, (r) => 1 / scales[r]),
    deviations: { shape: c.shape, data: c.data.map((_, index) => Math.sqrt(scaled[index * rank + (index % rank)])) },
    covariances: { shape, data: scaled },
  };
}

const plus = (x: Matrix, y: Matrix): Matrix => ({ shape: x.shape, data: x.data.map((v, index) => v + y.data[index]) });

function largestShift(
  { factors, deviations }: Pick<TrialFactorUncertainty, "factors" | "deviations">,
  c: Matrix,
): number {
  let largest = 0;
  for (let index = 0; index < c.data.length; index++) {
    const distance = Math.abs(factors.data[index] - c.data[index]);
    if (distance > 0) largest = Math.max(largest, distance / deviations.data[index]);
  }
  return largest;
}

/** Which errors the deviations include, in words. */
function coverageOf(shared: SharedTangents | undefined, stopped: boolean): string {
  const estimated = !shared
    ? "the network and its inputs as the fit has them"
    : shared.inputs
      ? "inputs, initial states, and column and row factors estimated along with them"
      : "initial states, and column and row factors estimated along with them, and inputs as they are";
  return (
    "Noise of the activity that is independent from entry to entry and " +
    `equally large in all, with ${estimated}; given ` +
    "the prior and its length, the number of components and the decoder. Left out: other solutions of the fit, noise " +
    "that is correlated over time or neurons, " +
    (stopped ? "how far from its best validation entries stopped it, " : "") +
    "and the scale of a component, which activity does not tell."
  );
}
