import type { Provenance } from "../base";

/** A bound that holds, with its reason. Plain data. */
export interface HoldingBound {
  readonly status: "holds";
  /** no rank can be larger */
  readonly atMost: number;
  /** true where the bound is no smaller than the size of the matrix */
  readonly vacuous?: true;
  readonly statement: string;
  readonly assumptions: readonly string[];
  readonly because: string;
  readonly provenance: Provenance;
}

/** No bound, since an assumption fails: which one, and what to try. Plain data. */
export interface RefusedBound {
  readonly status: "refused";
  readonly because: string;
  readonly tryInstead: string;
  readonly provenance: Provenance;
}
