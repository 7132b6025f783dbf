import type { Provenance } from "../base";
import type { Tensor3 } from "../tensor";

/** Inputs and targets of trials, as `networkObjective` takes them. */
export interface TaskBatch {
  /** (trials × time × inputs) */
  readonly inputs: Tensor3;
  /** (trials × time × outputs), at the end of each step; with a plant, its states in place of the outputs */
  readonly targets: Tensor3;
  /** in the shape of the targets, 0 where they are left out; absent: all count */
  readonly mask?: Tensor3;
}

/**
 * Trials of a task, as plain data; every task of the library returns such a record. C names its conditions.
 */
export interface Task<C extends string = string> {
  /** which task, such as "flipFlop" */
  readonly kind: string;
  readonly batch: TaskBatch;
  /** what was drawn or chosen for the trials: one number per trial under each name */
  readonly conditions: Readonly<Record<C, readonly number[]>>;
  /** what each input and each target is, in their order */
  readonly channels: { readonly inputs: readonly string[]; readonly targets: readonly string[] };
  /** the step to run a network with, in the unit of its tau */
  readonly dt: number;
  /** what {@link taskScore} measures: the share of correct choices, or the explained variance of the targets */
  readonly scored: "choices" | "values";
  /** the function, seed and options that make the same trials again */
  readonly provenance: Provenance;
}
