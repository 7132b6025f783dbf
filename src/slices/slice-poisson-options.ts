import type { Tensor, Vector } from "../tensor";
import type { FieldsOf } from "../base";
import type { SliceTca, SliceTcaResult } from "./slice-model";
import { sliceTable } from "./slice-options";

/** A sliceTCA model of the modulation of log rates. */
export interface SliceTcaCounts extends SliceTca {
  /** by unit (index of the last mode): the logarithm of the rate, in counts per entry, where the modulation is 0 */
  readonly offsets: Vector;
}

/** One state of {@link sliceTcaPoisson}: progress and result in one. Plain data; it is itself a start. */
export interface SliceTcaPoissonResult extends SliceTcaCounts, Pick<SliceTcaResult, "status" | "provenance"> {
  /** the mean of `rate - count log rate` over the observed entries, without the penalty */
  readonly loss: number;
  /** the ratio of the deviance, with the penalty, to that of rates that are constant in every unit */
  readonly relativeDeviance: number;
  /** the relative deviance at the start and after each step of this run */
  readonly trace: readonly number[];
  readonly steps: number;
  /** why the run ended; absent while it runs */
  readonly reason: string;
  /** the relative deviances of the starts; empty where a start was given */
  readonly starts: readonly number[];
}

/** Options of {@link sliceTcaPoisson}. */
export interface SliceTcaPoissonOptions {
  /** of everything that is drawn; default 0 */
  readonly seed?: number;
  /** a model of modulations to start from, such as an earlier result; default: the best of `starts` */
  readonly start?: SliceTca;
  /** number of starts, each made by sweeps on logarithms of counts and run to its end; the best is kept. Default 1 */
  readonly starts?: number;
  /** most steps of each start; default 500 */
  readonly steps?: number;
  /**
   * converged when the largest gradient entry times the largest variable is at most this times 1 less the relative
   * deviance; default 1e-4
   */
  readonly tolerance?: number;
  /** (as x) 1 observed, 0 missing: never read; default all observed */
  readonly mask?: Tensor;
  /** half of this times the square of every modulation is added to the loss: it keeps rates away from 0; default 0 */
  readonly ridge?: number;
}

const { seed, start, starts, mask } = sliceTable;

/** Every option of sliceTcaPoisson: its values and its default. */
export const slicePoissonTable = {
  seed,
  start,
  starts,
  steps: { is: "whole number", least: 1, fallback: 500 },
  tolerance: { is: "number", least: 0, fallback: 1e-4 },
  mask,
  ridge: { is: "number", least: 0, fallback: 0 },
} as const satisfies FieldsOf<SliceTcaPoissonOptions>;
