import { fail } from "../base";
import type { Shape, Tensor } from "../tensor";

/** What was done to a tensor, with the numbers that undo it. Plain data. */
export type PreprocessingStep =
  | {
      readonly kind: "zScore";
      /** of every unit, over the entries that are not missing */
      readonly means: readonly number[];
      /** what each unit was divided by: its standard deviation, or 1 where that is zero */
      readonly deviations: readonly number[];
      /** units whose entries are all equal */
      readonly constant: readonly number[];
    }
  | {
      readonly kind: "softNormalize";
      /** what each unit was divided by: its range plus the constant */
      readonly scales: readonly number[];
      readonly constant: number;
    }
  | { readonly kind: "smooth"; readonly width: number };

/** A tensor with a record of what was done to it, first to last. */
export interface Preprocessed<S extends Shape = Shape> extends Tensor<S> {
  readonly steps: readonly PreprocessingStep[];
}

/**
 * A tensor whose earlier steps, if it carries any, are followed by one more. Numbers that left the range of doubles are
 * refused.
 */
export function withStep<S extends Shape>(
  where: string,
  earlier: Tensor<S> & { readonly steps?: readonly PreprocessingStep[] },
  data: Float64Array,
  step: PreprocessingStep,
): Preprocessed<S> {
  const numbers = Object.values(step).flatMap((value) => (Array.isArray(value) ? (value as number[]) : []));
  if (
    !numbers.every(Number.isFinite) ||
    data.some((value, i) => !Number.isFinite(value) && !Number.isNaN(earlier.data[i]))
  )
    fail(where, {
      expected: "x whose sums and differences are within the range of doubles",
      got: "entries near its end",
      fix: "Divide x by a power of ten first.",
    });
  return { shape: earlier.shape, data, steps: [...(earlier.steps ?? []), step] };
}
