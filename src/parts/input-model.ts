import type { Params, Tensor3 } from "../tensor";
import type { Part } from "./part";

/** A model of inputs: from its parameters to what drives every trial (trials × time × inputs). */
export interface InputModel<P extends Params = Params> extends Part<P, Tensor3> {
  /** how many inputs it makes */
  readonly inputs: number;
  /** where its parameters start */
  start(seed: number): P;
}
