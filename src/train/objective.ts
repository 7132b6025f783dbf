import type { Evaluation } from "../optim";
import type { Params } from "../tensor";
import type { Pool } from "../threads";

/**
 * An objective as plain data, with which a resumed run refuses another one. `params` are checksums of the parameters
 * that the objective itself holds; those that train are not compared.
 */
export interface ObjectiveDescription {
  readonly kind: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly [fact: string]: unknown;
}

/**
 * A function to minimize: parameters in, loss and gradients out. `step` counts the updates made, for tasks that change
 * during training; `memory` is that of the evaluation before the last update. An evaluation may hold more, which the
 * snapshot passes on.
 */
export interface Objective<P extends Params = Params, E extends Evaluation = Evaluation> {
  (params: P, step: number, memory?: unknown): E;
  /** absent: a custom objective, which a resumed run cannot check */
  readonly description?: ObjectiveDescription;
  /** true: the same function of the parameters at every step, so the last evaluation of a line search is reused */
  readonly steady?: boolean;
  /**
   * the curvature of the loss along every entry of the parameters, at least 0, such as the diagonal of the Gauss-Newton
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
