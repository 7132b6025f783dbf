import type { Provenance, Status } from "../base";
import type { Extrapolation } from "../decompose";
import type { Matrix, Tensor } from "../tensor";

/** Components of one kind: vectors over one mode, each times a slice of its own over the others. */
export interface SliceComponents {
  /** (size of the mode × number of components) */
  readonly vectors: Matrix;
  /** (number of components × size × size, …), the other modes in their order */
  readonly slices: Tensor;
}

/** A sliceTCA model of a tensor of three modes or more: components whose vector lies in mode 0, in mode 1 and so on. */
export interface SliceTca {
  readonly components: readonly [SliceComponents, SliceComponents, SliceComponents, ...SliceComponents[]];
}

/** Numbers of components, by the mode of their vectors. */
export type SliceRanks = readonly [number, number, number, ...number[]];

/** One state of the alternation: progress, result and checkpoint in one. Plain data; it is itself a start. */
export interface SliceTcaResult extends SliceTca {
  /** `‖x - x̂‖ / ‖x‖` over the observed entries */
  readonly relativeError: number;
  /** the relative error after each sweep of this run */
  readonly trace: readonly number[];
  readonly sweeps: number;
  readonly status: Status;
  /** the errors of the starts, the first without components, the others random; empty where a start was given */
  readonly starts: readonly number[];
  /**
   * the components as the next sweep needs them, before they are made unique; for data beyond 1e±30, in the power of
   * two used as the unit of computation
   */
  readonly raw: SliceTca["components"];
  /**
   * the memory of extrapolation for the next sweep, in the unit of `raw`: vectors and slices of each kind in turn,
   * slices as (number of components × entries)
   */
  readonly extrapolation: Extrapolation;
  readonly provenance: Provenance;
}
