import { fail, readOptions, show, type FieldsOf } from "../base";
import { checkTensor, type Tensor3 } from "../tensor";
import { bestOf, checkBaseline, choosingFields, type Baseline, type ChoosingOptions } from "./baseline";
import { kernelMean } from "./kernel-mean";

export interface SmoothedOptions extends ChoosingOptions {
  /** standard deviations to choose from, in trials; default 3 to 300 in nine steps, and Infinity, the plain mean */
  readonly widths?: readonly number[];
}

/**
 * The mean over training trials of each condition, weighted by a Gaussian kernel in trials, so that it follows
 * learning; its width is chosen on the validation set. One pseudo-trial of the plain condition mean stands behind every
 * estimate, which determines it where no trial is near.
 *
 * @throws {@link LtrnnError} as {@link conditionMean}
 * @remarks O(widths · trials² · time · neurons / conditions).
 * @see Nadaraya (1964), On estimating regression, Theory Probab. Appl. 9
 * @example smoothedConditionMean(tensor([2, 2, 1], [1, 2, 1, 2]), { train: tensor([2, 2, 1], [1, 1, 1, 0]),
 * validation: tensor([2, 2, 1], [0, 0, 0, 1]), widths: [5] }).chosen // 5
 */
export function smoothedConditionMean(activity: Tensor3, options: SmoothedOptions): Baseline {
  const where = "smoothedConditionMean";
  const fields = {
    ...choosingFields,
    widths: { is: "checked", check: checkWidths, fallback: [3, 5, 10, 17, 30, 55, 100, 170, 300, Infinity] },
  } as const satisfies FieldsOf<SmoothedOptions>;
  checkTensor(where, "activity", activity, 3);
  const { train, validation, conditions, widths } = readOptions(where, options, fields);
  checkBaseline(where, activity, { train, validation });
  const predict = (width: number) => ({
    prediction: kernelMean(where, activity, train, conditions, width),
    status: "converged" as const,
  });
  return bestOf(where, activity, { train, validation }, widths, predict, { widths: [...widths] });
}

/** Refuse widths that are not standard deviations in trials. */
export function checkWidths(where: string, name: string, value: unknown): void {
  const widths: readonly unknown[] = Array.isArray(value) ? value : [],
    bad = Array.from(widths).findIndex((width) => !(typeof width === "number" && width > 0));
  if (widths.length < 1 || widths.length > 1000 || bad >= 0)
    fail(where, {
      expected: `${name} to be 1 to 1000 numbers above 0, Infinity for the plain mean`,
      got: bad >= 0 ? `${show(widths[bad])} at position ${bad}` : show(value),
      fix: `Pass ${name} as standard deviations in trials, such as [3, 10, 30].`,
    });
}
