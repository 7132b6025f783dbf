import type { Provenance, Status } from "../base";
import type { CpResult } from "../decompose";
import type { Cp } from "../factored";

/** The result of {@link cpAlsSparse}. Plain data; it is itself a start. */
export interface SparseCpResult extends Cp, Pick<CpResult, "raw" | "extrapolation"> {
  /** `‖x - x̂‖ / ‖x‖` over all entries, zeros included */
  readonly relativeError: number;
  /** after each sweep */
  readonly trace: readonly number[];
  readonly sweeps: number;
  /** "degenerate" where normal equations were singular to rounding, or components cancel */
  readonly status: Status;
  /** the errors that starts reached, where several were compared */
  readonly starts: readonly number[];
  readonly provenance: Provenance;
}
