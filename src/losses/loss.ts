import type { Comparison, EntryLossFunction } from "../kernels";
import type { Params } from "../tensor";
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
  readonly information?: (y: number, output?: number) => number;
  /** the loss of one entry, and its derivative in y */
  readonly entry: EntryLossFunction;
  /** the sum of `entry` over a panel by a compiled kernel, which writes the derivatives too; absent: entry by entry */
  readonly compare?: (comparison: Comparison) => number;
  /** how many outputs it has numbers for; absent: any */
  readonly outputs?: number | undefined;
  /** what of it trains along with a network; absent: nothing */
  readonly learned?: LearnedLoss;
}

/** Parameters of a loss of entries that train along: one for each output, or one for all. */
export interface LearnedLoss {
  /** where they stand */
  readonly params: Params;
  /** the same loss with parameters elsewhere */
  at(params: Params): EntryLoss;
  /** the same loss for so many outputs */
  forOutputs(outputs: number): EntryLoss;
  /** gradients, from what `compare` added to the slopes of every output */
  gradients(slopes: Float64Array): Params;
  /** the same of how curved the loss is along log s, summed for every output */
  curvature(curvatures: Float64Array): Params;
  /** of an entry in the parameter of its output, where that output is y: as `information`, about */
  information(y: number, output: number): number;
}

/** A loss between outputs and targets. */
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

/** What of a loss trains along with a network: that of a custom one, or of one of entries. */
export const lossParamsOf = (loss: Loss): Params => (isCustom(loss) ? loss.params : (loss.learned?.params ?? {}));
