import type { Matrix, Params, Tensor3 } from "../tensor";
import type { Part } from "./part";

/** Inputs that change over trials: input r of trial k is `d_r(k) v_r(t)`, with v_r that of the trial's condition. */
export interface ChangingInputs {
  /** their places among all inputs */
  readonly columns: readonly number[];
  /** (trials × changing inputs) */
  readonly d: Matrix;
  /** (conditions × time × changing inputs), each of root mean square 1 over the bins that have inputs */
  readonly v: Tensor3;
}

/** The inputs of a model that can follow any course in a condition. */
export interface FlexibleInputs<P extends Params = Params> {
  /** the first of them, among all inputs of the model */
  readonly first: number;
  readonly count: number;
  /**
   * parameters that nearly produce these inputs of conditions (conditions × time × count), from their initial values
   */
  near(inputs: Tensor3): P;
}

/** A model of inputs: from its parameters to the inputs of every trial (trials × time × inputs). */
export interface InputModel<P extends Params = Params> extends Part<P, Tensor3> {
  /** how many inputs it makes */
  readonly inputs: number;
  /** where its parameters start */
  start(seed: number): P;
  /**
   * inputs whose size is meaningful, since a prior or a penalty acts on it: their columns of W_in are scaled to a root
   * mean square of 1. Absent: none
   */
  readonly sized?: readonly boolean[];
  /** what a start makes the means of conditions by; absent: nothing */
  readonly flexible?: FlexibleInputs<P>;
  /** the factors of inputs that change over trials; absent: none do */
  changing?(params: P): ChangingInputs;
}
