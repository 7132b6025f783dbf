import type { Evaluation } from "../optim";
import type { Params } from "../tensor";
import type { Pool } from "../threads";

/**
 * An objective as plain data: enough to refuse another one when a run is resumed. `params` are those that the
 * objective holds itself, by their checksums; those that train are left out of comparisons.
 */
export interface ObjectiveDescription {
  readonly kind: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly [fact: string]: unknown;
}

/**
 * What is to be made small: parameters in, loss and gradients out. `step` counts the updates made, for tasks that
 * change as training goes; `memory` is that of the evaluation before the last update. An evaluation may carry more,
 * which the snapshot passes on.
 */
export interface Objective<P extends Params = Params, E extends Evaluation = Evaluation> {
  (params: P, step: number, memory?: unknown): E;
  /** absent: a custom objective, which resuming cannot tell from others */
  readonly description?: ObjectiveDescription;
  /**
   * true: the same function of the parameters at every step, so that what a line search evaluated where it ended is not
   * evaluated again
   */
  readonly steady?: boolean;
  /**
   * how curved the loss is along every entry of the parameters, at least 0, such as the diagonal of the Gauss-Newton
   * matrix: for optimizers that scale by it
   */
  readonly curvature?: (params: P, step: number) => Params | Promise<Params>;
  /** the same on the threads of a pool, for an objective that can be split; absent: it cannot */
  readonly onThreads?: (pool: Pool) => AsyncObjective<P, E>;
}

/** An {@link Objective} whose evaluation is a promise. */
export interface AsyncObjective<P extends Params = Params, E extends Evaluation = Evaluation> {
  (params: P, step: number, memory?: unknown): Promise<E>;
  readonly description?: ObjectiveDescription;
  readonly steady?: boolean;
  readonly curvature?: (params: P, step: number) => Params | Promise<Params>;
}
