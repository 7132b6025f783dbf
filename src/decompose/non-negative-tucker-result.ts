import type { Provenance, Status } from "../base";
import type { Tucker } from "../factored";
import type { TuckerMomentum } from "./tucker-momentum";
import type { TuckerStart } from "./tucker-run";

/**
 * A Tucker decomposition whose core and factors have no entry below zero. Columns have unit length, but in modes that
 * are fixed or left whole. Plain data; it is itself a start.
 */
export interface NonNegativeTuckerResult extends Tucker {
  /** `‖x - x̂‖ / ‖x‖` over the observed entries */
  readonly relativeError: number;
  /** of the start and after each sweep */
  readonly trace: readonly number[];
  readonly sweeps: number;
  readonly status: Extract<Status, "running" | "converged" | "exhausted">;
  /** the starts that were compared, with their errors after ten sweeps; none where there was one */
  readonly starts: readonly TuckerStart[];
  /** the memory of extrapolation for the next sweep; null before the first */
  readonly momentum: TuckerMomentum | null;
  readonly provenance: Provenance;
}
