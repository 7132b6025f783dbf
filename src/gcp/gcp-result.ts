import type { Provenance, Status } from "../base";
import type { NamedStart } from "../decompose";
import type { Cp } from "../factored";
import type { CurvaturePair } from "../optim";
import type { Matrix } from "../tensor";

/**
 * One state of a generalized CP decomposition: progress, result and checkpoint in one. Plain data; it is itself a
 * start. Its model m, with weights and factors in canonical form, is on the scale of the loss, such as a logarithm.
 */
export interface GcpResult extends Cp {
  /** the mean loss of an observed entry, without penalties */
  readonly loss: number;
  /** `‖x - x̂‖ / ‖x‖` over the observed entries, x̂ the expected value where the model is m */
  readonly relativeError: number;
  /** the mean loss of an observed entry, penalties included, at the start and after each step of this run */
  readonly trace: readonly number[];
  /** steps of this run: of L-BFGS-B, or epochs */
  readonly steps: number;
  /** "start": starts are compared; "steps": the best of them, or the only one, continues */
  readonly stage: "start" | "steps";
  /** "degenerate" where components cancel, so that they are not unique */
  readonly status: Status;
  /** why the run ended; absent while it runs */
  readonly reason: string;
  /** the starts that were compared, with their losses; empty where there was only one */
  readonly starts: readonly GcpStart[];
  /** the factors as the next step needs them, neither scaled nor sorted */
  readonly raw: readonly Matrix[];
  /** the memory of the optimizer for the next step */
  readonly memory: GcpMemory;
  readonly provenance: Provenance;
}

/** One of several starts of gcp. */
export interface GcpStart {
  readonly kind: NamedStart;
  readonly seed: number;
  readonly steps: number;
  /** the mean loss of an observed entry, penalties included, after these steps */
  readonly loss: number;
}

/** The memory of a run of gcp between steps. */
export type GcpMemory = LbfgsbMemory | EpochMemory;

/** Between steps of L-BFGS-B. */
export interface LbfgsbMemory {
  readonly solver: "lbfgsb";
  /** the loss, penalties included, at the start of the first run */
  readonly first: number;
  readonly pairs: readonly CurvaturePair[];
  readonly idle: number;
}

/** Between epochs of sampled gradients. */
export interface EpochMemory {
  readonly solver: "adam";
  readonly first: number;
  /** epochs so far, those undone included */
  readonly epochs: number;
  /** epochs undone since the rate was last lowered, and the rate, in the unit of the factors */
  readonly undone: number;
  readonly rate: number;
  /** updates that were kept, and Adam's running means of gradients and of their squares */
  readonly updates: number;
  readonly means: Float64Array;
  readonly squares: Float64Array;
}
