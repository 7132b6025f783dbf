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

/** A tensor that carries what was done to it, first to last. */
export interface Preprocessed<S extends Shape = Shape> extends Tensor<S> {
  readonly steps: readonly PreprocessingStep[];
}

/** A tensor whose earlier steps, if it carries any, are followed by one more. */
export function withStep<S extends Shape>(
  earlier: Tensor<S> & { readonly steps?: readonly PreprocessingStep[] },
  data: Float64Array,
  step: PreprocessingStep,
): Preprocessed<S> {
  return { shape: earlier.shape, data, steps: [...(earlier.steps ?? []), step] };
}
