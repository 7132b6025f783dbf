import type { Provenance, Status } from "../base";
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
  /** "degenerate" where normal equations were singular to rounding, or components of a tensor cancel */
  readonly status: Status;
  /** the errors that starts reached, where several were compared */
  readonly starts: readonly number[];
  readonly provenance: Provenance;
}
