import type { FullRankRNN } from "../models";
import type { Params, Tensor3 } from "../tensor";
import type { RuleSpread } from "../theory";

/** A run of the network on the trials of one update, which a rule can read. */
export interface RuleRun {
  readonly model: FullRankRNN;
  /** dt / tau */
  readonly alpha: number;
  /** (trials × time × inputs) */
  readonly inputs: Tensor3;
  /** x_0 .. x_T (trials × (time + 1) × units) */
  readonly states: Tensor3;
  /** phi(x_0) .. phi(x_T) (trials × (time + 1) × units) */
  readonly rates: Tensor3;
  /** y_1 .. y_T (trials × time × outputs) */
  readonly outputs: Tensor3;
  /** e_1 .. e_T, dL/dy (trials × time × outputs), 0 where nothing is observed */
  readonly errors: Tensor3;
  /** of each trial, a mean over what is observed of it; 0 where nothing is */
  readonly losses: readonly number[];
  /** the part that each trial has in the loss: L = sum of share times loss */
  readonly shares: readonly number[];
  /** which trial each is, as in the batch: its type, for rules that expect a reward of each */
  readonly types: readonly number[];
  /** which row of x0 each trial starts from */
  readonly starts: readonly number[];
  /** updates made so far: what is drawn at random depends on it */
  readonly step: number;
  /** what the rule left at the update before; undefined at the first */
  readonly memory: unknown;
  /** the same run with something added to the drive W h + W_in u + b, (trials × time × units) */
  perturbed(drive: Tensor3): PerturbedRun;
}

/** What a perturbation did. */
export type PerturbedRun = Pick<RuleRun, "states" | "rates" | "losses">;

/** The result of a rule, used instead of the gradient. */
export interface RuleEstimate {
  /** by names of parameters: the update of plain descent is minus the rate times these */
  readonly gradients: Params;
  /**
   * what it has in place of the adjoints lambda_0 .. lambda_T, where the gradient in W is alpha times their products
   */
  readonly adjoints?: Tensor3;
  /** plain data for the next update; absent: none */
  readonly memory?: unknown;
}

/** A learning rule other than the gradient: a value to pass to `ruleObjective`. */
export interface LearningRule {
  readonly name: string;
  /** enough to tell it from other rules when a run is resumed */
  readonly description: { readonly kind: string; readonly [fact: string]: unknown };
  /** the parameters that it can train */
  readonly trains: readonly string[];
  /** what bounds have to know of it */
  readonly spread: RuleSpread;
  estimate(run: RuleRun): RuleEstimate;
}

/** All parameters of a network that rules with error signals train. */
export const everyParameter: readonly string[] = ["w", "wIn", "x0", "bias", "readout", "readoutBias"];
