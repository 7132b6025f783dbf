import type { Matrix, Params } from "../tensor";
import type { Part } from "./part";

/**
 * A prior of trial factors: from its parameters to the factors c (trials × rank) that the network's weights change by.
 */
export interface TrialFactors<P extends Params = Params> extends Part<P, Matrix> {
  /** how many trials it makes factors of */
  readonly trials: number;
  /** where its parameters start: at factors of 1 */
  start(rank: number): P;
}
