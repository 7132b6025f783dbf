import type { Provenance, Status } from "../base";
import type { Matrix, Vector } from "../tensor";
import type { OverlapBlocks } from "./overlap-gradient";

/** A state of learning told by overlaps alone: progress, result and checkpoint in one. Plain data. */
export interface OverlapState {
  /** updates made, or time of the flow */
  readonly time: number;
  /** half the mean squared error, at these overlaps; Infinity where it leaves the range of doubles at the start */
  readonly loss: number;
  /** Z' Z (p × p) */
  readonly overlaps: Matrix;
  /** Z now is Z at the start times this (p × p) */
  readonly transform: Matrix;
  readonly readoutBias: Vector;
  readonly blocks: OverlapBlocks;
  /** "exhausted" at the last step; "diverged" where the next loss is not finite: then this is the last state that is */
  readonly status: Status;
  readonly provenance: Provenance;
}

/** What of a state changes as learning runs. */
export type OverlapPoint = Pick<OverlapState, "overlaps" | "transform" | "readoutBias">;
