import type { Divergence, Provenance, Status } from "../base";
import type { Evaluation, OptimizerDescription } from "../optim";
import type { Params } from "../tensor";
import type { Best } from "./best";
import type { ObjectiveDescription } from "./objective";

/** Where a run of training stopped being finite. */
export interface TrainingDivergence extends Omit<Divergence, "step"> {
  /** updates made when it happened: one more than in the snapshot, whose numbers are the last finite ones */
  readonly step: number;
  /** time step within the trial, where a state overflowed */
  readonly time?: number;
}

/** The history of a run, at every `every` updates. */
export interface LearningCurve {
  /** updates made before each */
  readonly steps: readonly number[];
  readonly losses: readonly number[];
}

/**
 * Progress report, result and checkpoint in one, labeled by the number of updates. Plain data, if the evaluation is.
 */
export interface Snapshot<P extends Params = Params, E extends Evaluation = Evaluation> {
  /** updates made so far */
  readonly step: number;
  /** at params; Infinity, never NaN, where the first evaluation of a run already overflowed */
  readonly loss: number;
  /** Euclidean norm over the gradients of all trained parameters, at params; Infinity where the loss is */
  readonly gradientNorm: number;
  readonly params: P;
  /** the optimizer's */
  readonly memory: unknown;
  /** the memory that the evaluation before the last update left for the one at params; absent where it left none */
  readonly remembered?: unknown;
  /** the evaluation of the objective at params */
  readonly evaluation: E;
  /** the best parameters so far, where the option `best` asks for them */
  readonly best?: Best<P>;
  /** training never ends as "degenerate" */
  readonly status: Status;
  /** why the run ended, if not by its steps or its tolerance */
  readonly reason?: string;
  /**
   * with the status "diverged", where numbers stopped being finite: params, loss and memory are then those of the last
   * finite step, if there is one
   */
  readonly divergence?: TrainingDivergence;
  /** at the end of a run: its losses from the start, or from the unfinished snapshot that it was resumed from */
  readonly curve?: LearningCurve;
  /** the optimizer that made the updates: a resumed run uses it */
  readonly optimizer: OptimizerDescription;
  /** the description of the objective; null for a custom one without a description */
  readonly objective: ObjectiveDescription | null;
  readonly provenance: Provenance;
}
