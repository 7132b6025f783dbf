import type { Comparison, EntryLossFunction } from "../kernels";
import type { CustomLoss } from "./custom-loss";

/** A loss as plain data: its kind, and the numbers that make it again with `lossFrom`. */
export interface LossDescription {
  readonly kind: string;
  readonly [fact: string]: unknown;
}

/**
 * A loss that is a mean over the observed entries, each compared with its target: trials stream through it, panel by
 * panel.
 */
export interface EntryLoss {
  readonly kind: string;
  readonly description: LossDescription;
  /** what the readout is multiplied by before its bias is added; default 1 */
  readonly gain?: number;
  /**
   * "counts": targets are whole numbers of at least 0, and outputs are no states of a plant. Absent: any finite ones
   */
  readonly targets?: "counts";
  /** of counts, in the unit of time of rates: `rate = count / binWidth` */
  readonly binWidth?: number;
  /** what is expected of a target where the output is y; absent: y */
  readonly mean?: (y: number) => number;
  /** the inverse of `mean`, for means above 0 */
  readonly outputAt?: (mean: number) => number;
  /**
   * the second derivative in y, averaged over the targets that it expects there: fits scale their parameters by it, and
   * without it take another optimizer
   */
  readonly information?: (y: number) => number;
  /** the loss of one entry, and its derivative in y */
  readonly entry: EntryLossFunction;
  /** the sum of `entry` over a panel by a compiled kernel, which writes the derivatives too; absent: entry by entry */
  readonly compare?: (comparison: Comparison) => number;
}

/** What outputs and targets are compared by. */
export type Loss = EntryLoss | CustomLoss;

/** What makes a loss from its description: one for every kind that comes with the library. */
export interface LossKind {
  /** the table that the description's numbers are read by */
  readonly fields: object;
  make(facts: never): EntryLoss;
}

export const isCustom = (loss: Loss): loss is CustomLoss => "evaluate" in loss;

/** A loss as plain data; of a custom loss its name alone. */
export const describeLoss = (loss: Loss): LossDescription =>
  isCustom(loss) ? { kind: "custom", name: loss.name } : loss.description;
