import type { Provenance, Status } from "../base";
import type { Extrapolation } from "../decompose";
import type { Cp } from "../factored";
import type { Matrix } from "../tensor";

/** One state of the coupled alternation: progress, result and checkpoint in one. Plain data; it is itself a start. */
export interface CoupledCpResult {
  /** the factor of the mode that all tensors share, (size × rank), unit columns */
  readonly shared: Matrix;
  /** the decomposition of each tensor; its factor in the shared mode is `shared` */
  readonly models: readonly Cp[];
  /** the square root of the mean of the squared relative errors of the tensors, each by its weight */
  readonly relativeError: number;
  /** `‖x - x̂‖ / ‖x‖` of each tensor, over its observed entries */
  readonly errors: readonly number[];
  /** the relative error after each sweep of this run */
  readonly trace: readonly number[];
  readonly sweeps: number;
  /** "start": starts are compared; "sweeps": the best of them continues */
  readonly stage: "start" | "sweeps";
  /**
   * "degenerate" where normal equations were singular to rounding in the last sweep, or components of a tensor cancel
   */
  readonly status: Status;
  /** the errors that starts reached, where several were compared */
  readonly starts: readonly number[];
  /**
   * the own factors of every tensor in turn, and the shared one at the end, as the next sweep needs them: neither
   * normalized nor sorted; for data beyond 1e±30, in the power of two used as the unit of computation
   */
  readonly raw: readonly Matrix[];
  /** the memory of extrapolation for the next sweep; its factors are in the order of `raw` */
  readonly extrapolation: CoupledExtrapolation;
  readonly provenance: Provenance;
}

/** The memory of sweeps over coupled tensors. Plain data. */
export interface CoupledExtrapolation extends Omit<Extrapolation, "of"> {
  /** the norm of every tensor that is decomposed: the memory is valid for these tensors only */
  readonly of: readonly number[];
}
