import { checkWhole, fail, isRecord, provenance, readOptions, show, type FieldsOf, type Provenance } from "../base";
import { checkCounts, innovationOf, isShipped, lossFrom, type InnovationName, type LossDescription } from "../losses";
import { simulate } from "../run";
import {
  checkFinite,
  checkMask,
  checkSameShape,
  checkTensor,
  checkTensor3,
  zeros,
  type Matrix,
  type Tensor3,
} from "../tensor";
import type { LowTensorRankFit } from "./fit-result";
import { expectedOf } from "./predict-trials";
import { withPreparation, withoutPreparation } from "./preparation";

/** Which past activity of a trial a forecast uses, and how far it predicts ahead. */
export interface ForecastOptions {
  /** 1 where activity is known (trials × time × neurons); entries where it is 0 are never read. Absent: everywhere */
  readonly mask?: Tensor3;
  /** bins from the last known one to the predicted one; default 1: the next bin */
  readonly ahead?: number;
}

/** Activity forecast within trials. Plain data. */
export interface Forecast {
  /**
   * (trials × time × neurons), with a loss on counts the counts that are expected: every bin from what was known up
   * to `ahead` bins before it; the first `ahead` bins of a trial from its initial state alone
   */
  readonly prediction: Tensor3;
  readonly ahead: number;
  readonly provenance: Provenance;
}

const fields = {
  mask: { is: "checked", check: checkTensor3 },
  ahead: { is: "whole number", least: 1, most: 1_000_000, fallback: 1 },
} as const satisfies FieldsOf<ForecastOptions>;

/**
 * Forecasts within trials by a fit whose network is a filter: states are corrected by the known activity up to a bin,
 * and then run without correction for `ahead - 1` bins. Where nothing is known the network runs freely, so gaps are
 * predicted from the bins before them.
 *
 * @param fit - of `fitLowTensorRank` with `network: { filter: true }`
 * @param activity - (trials × time × neurons), the fitted trials, in their order; entries that were not used in
 * training may be known here
 * @throws {@link LtrnnError} when the fit has no filter, sizes differ, or a known entry is not finite
 * @remarks A run of all trials, and one of trials × time windows of `ahead` bins.
 * @see Ljung (1999), System Identification, section 3.2: k-step-ahead prediction
 * @example forecast(await fitLowTensorRank(zeros([4, 6, 3]), 1, { decoder: "identity", network: { filter: true },
 * training: { steps: 2, starts: 1 } }), zeros([4, 6, 3]), { ahead: 2 }).prediction.shape // [4, 6, 3]
 */
export function forecast(fit: LowTensorRankFit, activity: Tensor3, options?: ForecastOptions): Forecast {
  const where = "forecast",
    { mask, ahead } = readOptions<ForecastOptions, typeof fields>(where, options, fields);
  checkFit(where, fit);
  const { model, inputs, conditions, dt, preparation } = fit;
  checkTensor(where, "activity", activity, 3);
  checkSameShape(where, "activity", activity, fit.prediction.shape, "the prediction of the fit");
  if (mask) checkMask(where, "mask", mask, activity.shape, "activity");
  checkFinite(where, "activity", activity, mask);
  const innovation = innovationOfFit(fit);
  if (innovation) checkCounts(where, "activity", activity, mask);
  const known = {
      observed: withPreparation(activity, preparation),
      observedMask: withPreparation(mask ?? ones(activity), preparation),
    },
    run = { dt, conditions, ...(innovation ? { innovation } : {}) },
    filtered = simulate(model, inputs, { ...run, ...known });
  const all = ahead === 1 ? filtered.outputs : aheadOf(fit, filtered.states, ahead);
  return {
    prediction: expectedOf(fit, withoutPreparation(all, preparation)),
    ahead,
    provenance: provenance(where, null, { ahead }, { fit: fit.provenance, masked: mask !== undefined }),
  };
}

/** What counts correct the states by, as the fit was asked to; undefined: what outputs miss does. */
function innovationOfFit({ provenance: { facts } }: LowTensorRankFit) {
  const { network, loss } = facts as {
    readonly network?: { readonly filter?: unknown };
    readonly loss?: LossDescription;
  };
  if (typeof network?.filter !== "string" || !loss || !isShipped({ description: loss })) return undefined;
  return innovationOf(lossFrom(loss), network.filter as InnovationName);
}

/**
 * Outputs `ahead` bins after corrected states: windows of as many bins from every state, each a trial of its own that
 * takes the weights of the trial it is in. Outputs before bin `ahead` come from the initial state.
 */
function aheadOf({ model, inputs, dt }: LowTensorRankFit, states: Tensor3, ahead: number): Tensor3 {
  const [trials, times, units] = states.shape,
    steps = times - 1,
    count = inputs.shape[2],
    windows = Math.max(0, steps - ahead + 1),
    outputs = model.params.readout?.shape[0] ?? units;
  const starts: Matrix = zeros([trials * windows, units]),
    drive: Tensor3 = zeros([trials * windows, ahead, count]),
    out: Tensor3 = zeros([trials, steps, outputs]);
  for (let k = 0; k < trials; k++)
    for (let t = 0; t < windows; t++) {
      const row = k * windows + t;
      starts.data.set(states.data.subarray((k * times + t) * units, (k * times + t + 1) * units), row * units);
      drive.data.set(
        inputs.data.subarray((k * steps + t) * count, (k * steps + t + ahead) * count),
        row * ahead * count,
      );
    }
  const free = withoutFilter(model),
    first = simulate(free.with({ params: { x0: startsOf(states) } }), inputs, { dt }).outputs,
    opening = Math.min(ahead, steps) * outputs;
  for (let k = 0; k < trials; k++)
    out.data.set(first.data.subarray(k * steps * outputs, k * steps * outputs + opening), k * steps * outputs);
  if (windows === 0) return out;
  const rows = Array.from({ length: trials * windows }, (_, row) => Math.floor(row / windows)),
    far = simulate(free.with({ params: { x0: starts } }), drive, { dt, trials: rows }).outputs;
  for (let row = 0; row < rows.length; row++) {
    const t = (row % windows) + ahead - 1, // y of the state `ahead` steps later
      from = (row * ahead + ahead - 1) * outputs;
    out.data.set(far.data.subarray(from, from + outputs), (rows[row] * steps + t) * outputs);
  }
  return out;
}

/** x_0 of every trial. */
function startsOf({ shape: [trials, times, units], data }: Tensor3): Matrix {
  const x0 = zeros([trials, units]);
  for (let k = 0; k < trials; k++) x0.data.set(data.subarray(k * times * units, k * times * units + units), k * units);
  return x0;
}

function withoutFilter(model: LowTensorRankFit["model"]): LowTensorRankFit["model"] {
  return model.with({ params: { filterGain: undefined } });
}

const ones = ({ shape, data }: Tensor3): Tensor3 => ({ shape, data: new Float64Array(data.length).fill(1) });

function checkFit(where: string, fit: LowTensorRankFit): void {
  const {
    model,
    inputs,
    conditions,
    prediction,
    preparation,
    provenance: made,
  } = isRecord(fit) ? fit : ({} as Partial<LowTensorRankFit>);
  if (
    typeof model !== "object" ||
    !model ||
    !isRecord(inputs) ||
    !Array.isArray(conditions) ||
    !isRecord(prediction) ||
    !isRecord(made?.facts?.loss)
  )
    fail(where, {
      expected: "fit to be what fitLowTensorRank gave",
      got: show(fit),
      fix: "Pass the fit itself, with its model, inputs and conditions.",
    });
  checkWhole(where, "fit.preparation", preparation as number, 0);
  if (!model.params?.filterGain)
    fail(where, {
      expected: "a fit whose network is a filter",
      got: "one whose states no observation corrects",
      fix: "Fit with network: { filter: true }; what the fit says without a trial's past is fit.prediction.",
    });
}
