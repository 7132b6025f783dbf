import type { Provenance } from "../base";
import type { Matrix } from "../tensor";

/** The state of the fold: memory O(units · (r_l + r_h)), for any number of updates. Plain data. */
export interface CertificateState {
  /** orthonormal basis of the span of adjoints (units × r_l); it only grows */
  readonly columns: Matrix;
  /** the same for rates (units × r_h) */
  readonly rows: Matrix;
  readonly updates: number;
  /** bound on the part of the change outside, after the last update */
  readonly bound: number;
  /** the root of the sum of squares of the bounds after every update */
  readonly tensorBound: number;
  /** `2^-52 sum (|w| alpha |Lambda| |H| + |W|)` over updates: the scale of rounding in the weights */
  readonly rounding: number;
}

/**
 * The certificate of the run so far: for every step s there is a matrix of these ranks within `bound` of W(s) - W(0).
 */
export interface Certificate {
  /** "broken" where the given change lies farther outside than the bound: then the updates were not those declared */
  readonly status: "holds" | "broken";
  /** (r_l, r_h): rank of the columns' and of the rows' space */
  readonly ranks: readonly [columns: number, rows: number];
  /** true where the ranks are the number of units */
  readonly vacuous?: true;
  /** `‖W(s) - W(0) - P (W(s) - W(0)) Q‖_F` is at most this after the last update */
  readonly bound: number;
  /** the same for the tensor of changes after every update */
  readonly tensorBound: number;
  /** multilinear rank of the tensor within that bound */
  readonly multilinear: readonly [number, number, number];
  readonly cp: number;
  /** the actual norm, where the change was given */
  readonly error?: number;
  /** P = columns columns', Q = rows rows' */
  readonly columns: Matrix;
  readonly rows: Matrix;
  readonly rounding: number;
  readonly statement: string;
  readonly provenance: Provenance;
}
