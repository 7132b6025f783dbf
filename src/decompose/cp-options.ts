import type { Provenance } from "../base";
import type { Matrix, Tensor } from "../tensor";
import type { CpConstraint } from "./constraints";
import type { Cp } from "./cp";
import type { Momentum } from "./iterate";
import type { CpStart } from "./race";

/** How a run of ALS stands: "degenerate" where normal equations were singular to rounding in the last sweep, so the components are not unique. */
export type CpStatus = "running" | "converged" | "exhausted" | "degenerate";

/** One state of the alternation: progress, result and checkpoint in one. Plain data; it is itself a start. */
export interface CpResult extends Cp {
  /** `‖x - x̂‖ / ‖x‖` */
  readonly relativeError: number;
  /** the relative error after each sweep of this run over x itself */
  readonly trace: readonly number[];
  /** sweeps over x itself */
  readonly sweeps: number;
  /** "start": starts are being compared; "sweeps": the one that was chosen is alternated on x */
  readonly stage: "start" | "sweeps";
  readonly status: CpStatus;
  /** what solved the normal equations of the last sweep: the pseudo-inverse where they were singular to rounding, which is the status "degenerate" too */
  readonly solver: "cholesky" | "pseudo-inverse";
  /** every start that was compared, with its error on what it was compared on; none where there was one */
  readonly starts: readonly CpStart[];
  /** the smaller tensor that starts were compared on, where there was one */
  readonly compression?: CpCompression;
  /** the factors as the alternation has them, scale and order untouched: what the next sweep starts from */
  readonly raw: readonly Matrix[];
  /** the accelerator's, for the next sweep; null before the first */
  readonly momentum: Momentum | null;
  readonly provenance: Provenance;
}

/** What compression did. */
export interface CpCompression {
  /** sizes of the core */
  readonly ranks: readonly number[];
  /** of the sum of squares of x, that is in the core */
  readonly energy: number;
}

export interface CpOptions {
  /** of everything that is drawn; default 0 */
  readonly seed?: number;
  /** factors to start from, or an earlier result; "random" normal factors; or "hosvd", leading singular vectors by sketches. Default: the best of several starts on a compressed tensor where that pays, and else "random" */
  readonly start?: "random" | "hosvd" | readonly Matrix[] | Cp | CpResult;
  /** how many starts are compared, the worse half being left behind again and again. Default 6 where x is compressed, 4 where columns are to be orthogonal, since a start sticks easily there, and else 1 */
  readonly starts?: number;
  /** at most so many over x; default 500 */
  readonly sweeps?: number;
  /**
   * converged when a sweep lowers the norm of the residual by no more than this times the norm of what varies in x: x less the means of its slices, in the
   * mode where those are most of it. So a large offset, of all entries or of each neuron, hides nothing. Default 1e-8
   */
  readonly tolerance?: number;
  /** added to the diagonal of every normal equation: shrinks factors that grow against each other. It is in the unit of the data: x ten times as large in three modes wants 10^(4/3) times as much. Default 0 */
  readonly ridge?: number;
  /** (as x) 1 observed, 0 missing, nothing else; entries that are missing are never read, and errors are over the others */
  readonly mask?: Tensor;
  /** with a mask: "exact" least squares row by row (default), or "impute" from the model, cheaper a sweep, and slower to settle the more is missing */
  readonly missing?: "exact" | "impute";
  /** modes whose factors are those of `start` to the last bit; scale goes to `weights`, and components keep their order */
  readonly fixed?: readonly number[];
  /** by mode: {@link nonNegative}, {@link smoothAlong}, {@link orthogonal}, {@link ridgePenalty}, or a custom one. They want the whole tensor, or missing entries imputed */
  readonly constraints?: readonly (CpConstraint | undefined)[];
  /** whether starts are compared on a compressed tensor; default: where x has 2^18 entries or more and the core at most an eighth of them */
  readonly compress?: boolean;
  /** whether sweeps that crawl are extrapolated; default true, but not with constraints */
  readonly accelerate?: boolean;
}
