import type { Tensor, Vector } from "../tensor";
import type { Parafac2, Parafac2Result } from "./parafac2-result";

/**
 * One state of a PARAFAC2 model of counts: progress, result and checkpoint in one. Plain data; it is itself a start.
 * Its PARAFAC2 model is the modulation of log rates, to which the offsets are added.
 */
export interface Parafac2PoissonResult
  extends Parafac2,
    Pick<Parafac2Result, "sweeps" | "stage" | "status" | "starts" | "raw" | "extrapolation" | "provenance"> {
  /** by unit: the logarithm of its rate, in counts a bin, where the modulation is 0 */
  readonly offsets: Vector;
  /** the mean of `rate - count log rate` over the observed entries, without the penalty */
  readonly loss: number;
  /** the deviance relative to that of rates that are constant in every unit, with the penalty included */
  readonly relativeDeviance: number;
  /** the relative deviance after each sweep of this run */
  readonly trace: readonly number[];
  /** the curvature of the quadratic that replaces the loss in the next sweep */
  readonly curvature: { readonly trials: Vector; readonly units: Vector };
}

/** A model of counts. */
export type Parafac2Counts = Parafac2 & { readonly offsets: Tensor<readonly [number]> };
