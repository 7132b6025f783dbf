import type { Divergence, Provenance, Status } from "../base";
import type { Evaluation, OptimizerDescription } from "../optim";
import type { Params } from "../tensor";
import type { Best } from "./best";
import type { ObjectiveDescription } from "./objective";

/** Where a run of training stopped being finite. */
export interface TrainingDivergence extends Omit<Divergence, "step"> {
  /** updates made when it came: one more than the snapshot's, whose numbers are the last finite ones */
  readonly step: number;
  /** time step within the trial, where a state overflowed */
  readonly time?: number;
}

/** The course of a run: what it showed, so every `every` updates. */
export interface LearningCurve {
  /** updates made before each */
  readonly steps: readonly number[];
  readonly losses: readonly number[];
}

/**
 * Progress report, result and checkpoint in one, labeled by the update it was taken at. Plain data, as far as the
 * evaluation is.
 */
export interface Snapshot<P extends Params = Params, E extends Evaluation = Evaluation> {
  /** updates made so far */
  readonly step: number;
  /** at params; Infinity, never NaN, where the first evaluation of a run already overflowed */
  readonly loss: number;
  /** Euclidean norm over the gradients of all trained parameters, at params; Infinity as the loss is */
  readonly gradientNorm: number;
  readonly params: P;
  /** the optimizer's */
  readonly memory: unknown;
  /** what the evaluation before the last update left for the one at params; absent where it left nothing */
  readonly remembered?: unknown;
  /** what the objective gave at params: what an observer of learning reads */
  readonly evaluation: E;
  /** the best parameters so far, where the option `best` asks for them */
  readonly best?: Best<P>;
  /** "degenerate" is not among what training ends with */
  readonly status: Status;
  /** why the run ended, where not by its steps or its tolerance */
  readonly reason?: string;
  /** with the status "diverged": params, loss and memory are then those of the last step that was finite, if any */
  readonly divergence?: TrainingDivergence;
  /** at the end of a run: its losses from the start, or from the unfinished snapshot that it was resumed from */
  readonly curve?: LearningCurve;
  /** what made the updates: resuming takes it from here */
  readonly optimizer: OptimizerDescription;
  /** what was made small, where it has a description; null for a custom objective */
  readonly objective: ObjectiveDescription | null;
  readonly provenance: Provenance;
}
