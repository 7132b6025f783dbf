import { readOptions, type FieldsOf } from "../base";
import { everyParameter, type LearningRule } from "./learning-rule";
import { ruleAdjoints } from "./rule-adjoints";
import { ruleGradients } from "./rule-gradients";

/** Options of {@link truncatedBptt}. */
export interface TruncationOptions {
  /** steps that errors go back, h */
  readonly window: number;
  /** steps between two passes backward, each with the errors since the one before, h'; default: window */
  readonly every?: number;
}

const table = {
  window: { is: "whole number", least: 1, needed: true },
  every: { is: "whole number", least: 1 },
} as const satisfies FieldsOf<TruncationOptions>;

/**
 * Backpropagation through time that is cut off, BPTT(h; h'): every h' steps, and at the end, the errors since the last
 * pass go back h steps from there. With `every` as long as `window`, trials are cut into pieces; with `every: 1` each
 * error goes back h steps.
 *
 * @throws {@link LtrnnError} for numbers that are not whole or below 1, and unknown names
 * @remarks O(time · window / every · units²) a trial. In linear networks the bounds of gradient descent hold (B6).
 * @see Williams & Peng (1990), An efficient gradient-based algorithm for on-line training of recurrent network
 * trajectories, Neural Computation 2
 * @example truncatedBptt({ window: 10 }).description // { kind: "truncatedBptt", window: 10, every: 10 }
 */
export function truncatedBptt(options: TruncationOptions): LearningRule {
  const { window, every = window } = readOptions<TruncationOptions, typeof table>("truncatedBptt", options, table);
  return {
    name: `truncatedBptt(${window}, ${every})`,
    description: { kind: "truncatedBptt", window, every },
    trains: everyParameter,
    spread: { errors: "readout", recurrent: true },
    estimate(run) {
      const adjoints = ruleAdjoints(run, { recurrent: true, window, every });
      return { gradients: ruleGradients(run, adjoints), adjoints };
    },
  };
}
