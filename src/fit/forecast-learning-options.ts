import { fail, isRecord, type FieldsOf } from "../base";
import { checkLabels, type Labels } from "../masks";
import { checkTensor3, type Tensor3 } from "../tensor";
import { readFitOptions, type FitOptions } from "./fit-options";

/** How learning is forecast. */
export interface ForecastLearningOptions {
  /** trials at the beginning that are known; the others are forecast */
  readonly known: number;
  /** 1 where activity is observed, 0 elsewhere; absent: everywhere */
  readonly mask?: Tensor3;
  /** a label per trial, of all trials; absent: all are of one condition */
  readonly conditions?: Labels;
  /** standard deviations of the kernel in trials, chosen from on the last fifth of the known trials; default 1 to 30 */
  readonly widths?: readonly number[];
  /** trials that are scored together, one block after the other; default all as one */
  readonly block?: number;
  /**
   * options of the fit: those of `fitLowTensorRank` except masks, `conditions` and `start`, with epochs and known
   * inputs of all trials; defaults: see {@link FitOptions}
   */
  readonly fit?: Omit<FitOptions, "mask" | "validation" | "conditions" | "start">;
}

export const forecastLearningFields = {
  known: { is: "whole number", least: 2, needed: true },
  mask: { is: "checked", check: checkTensor3 },
  conditions: { is: "checked", check: checkLabels },
  widths: { is: "list", of: { is: "number", above: 0 }, fallback: [1, 2, 3, 5, 10, 17, 30] },
  block: { is: "whole number", least: 1 },
  fit: { is: "checked", check: checkFitOptions, fallback: {} },
} as const satisfies FieldsOf<ForecastLearningOptions>;

/** Options of the fit that this function decides, or that know nothing of trials to come, are refused. */
function checkFitOptions(where: string, name: string, value: unknown): void {
  readFitOptions(where, value as FitOptions);
  const { network, inputs, ...given } = value as FitOptions,
    own = ["mask", "validation", "conditions", "start"].find((key) => key in given),
    timed = isRecord(network?.trialKernel) && "times" in network.trialKernel;
  if (own || timed || Array.isArray(inputs))
    fail(where, {
      expected: `${name} without masks, conditions and start, without trialKernel.times, and of one model of inputs`,
      got: own ?? (timed ? "trialKernel.times" : "a list of inputs"),
      fix: "Pass mask and conditions beside known; trials are 0, 1, 2 …",
    });
}
