import type { Provenance, Status } from "../base";
import type { Matrix, Vector } from "../tensor";
import type { OverlapBlocks } from "./overlap-gradient";

/** A state of learning in terms of overlaps alone: progress, result and checkpoint in one. Plain data. */
export interface OverlapState {
  /** updates made, or time of the flow */
  readonly time: number;
  /** half the mean squared error, at these overlaps; Infinity where it overflows at the start */
  readonly loss: number;
  /** Z' Z (p × p) */
  readonly overlaps: Matrix;
  /** the current Z is Z at the start times this (p × p) */
  readonly transform: Matrix;
  readonly readoutBias: Vector;
  readonly blocks: OverlapBlocks;
  /** "exhausted" at the last step; "diverged" where the next loss is not finite: then this is the last state that is */
  readonly status: Status;
  readonly provenance: Provenance;
}

/** The part of a state that changes during learning. */
export type OverlapPoint = Pick<OverlapState, "overlaps" | "transform" | "readoutBias">;
