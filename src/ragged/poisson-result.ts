import type { Tensor, Vector } from "../tensor";
import type { Parafac2, Parafac2Result } from "./parafac2-result";

/**
 * One state of a PARAFAC2 model of counts: progress, result and checkpoint in one. Plain data; it is itself a start. As
 * a PARAFAC2 model it is of what modulates the logarithms of rates, beside the offsets.
 */
export interface Parafac2PoissonResult
  extends Parafac2,
    Pick<Parafac2Result, "sweeps" | "stage" | "status" | "starts" | "raw" | "extrapolation" | "provenance"> {
  /** by unit: the logarithm of its rate, in counts a bin, where the modulation is 0 */
  readonly offsets: Vector;
  /** the mean of `rate - count log rate` over the observed entries, without the penalty */
  readonly loss: number;
  /**
   * how far the model is from one that says every count, relative to rates that are constant in every unit: the ratio
   * of their deviances, each with its penalty
   */
  readonly relativeDeviance: number;
  /** the relative deviance after each sweep of this run */
  readonly trace: readonly number[];
  /** of the quadratic that stands for the loss in the next sweep */
  readonly curvature: { readonly trials: Vector; readonly units: Vector };
}

/** A model of counts. */
export type Parafac2Counts = Parafac2 & { readonly offsets: Tensor<readonly [number]> };
