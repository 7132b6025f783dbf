import type { FieldsOf } from "../base";
import { checkActivationForm, type AnyActivation } from "../kernels";
import { finiteMatrix, type Matrix } from "../tensor";
import { countOrMatrix } from "./checks";
import { checkRuleOf, checkSpan, type RuleOf, type SpanOf } from "./learning-assumptions";

/** What is known of a network and its training before it is trained. {@link learningSetupOf} reads it off a model. */
export interface LearningSetup {
  readonly units: number;
  /**
   * How many inputs, or W_in (units × inputs), whose rank may be lower; or W_in times the inputs of all times, for the
   * directions that the data excite.
   */
  readonly inputs: number | Matrix;
  /** how many outputs, or C (outputs × units), or the error signals of all times, each times C (any × units) */
  readonly outputs: number | Matrix;
  /** what learning starts from; default as {@link LearningInitial} says */
  readonly initial?: LearningInitial;
  /**
   * how many snapshots of the weights are stacked, whatever updates lie between them: no more slices of the tensor of
   * changes differ. The start, whose change is zero, need not be counted. Default `steps`
   */
  readonly snapshots?: number;
  /** updates made, at most, where `snapshots` is not given: there are no more changes than that; no default */
  readonly steps?: number;
  readonly activation: AnyActivation;
  /** a gradient transform of this library, or its name and span */
  readonly optimizer: SpanOf;
  /** what else is special about the network and its training; default nothing */
  readonly training?: LearningSpecials;
}

/** Where a network starts; what is left out starts at zero. */
export interface LearningInitial {
  /** W(0), (units × units) */
  readonly weights?: Matrix;
  /** the states at the start of a trial, one per row, or the dimension that they span; default 0 */
  readonly states?: number | Matrix;
  /** whether there is a bias that does not start at zero; default false */
  readonly bias?: boolean;
}

/** What of a network and its training a bound must be told, since it breaks an assumption or changes the statement. */
export interface LearningSpecials {
  /** process noise on the states; default false */
  readonly noise?: boolean;
  /** weights that are frozen, masked or kept to a sign; default false */
  readonly constrained?: boolean;
  /** a time constant of its own for every unit; default false */
  readonly unitTimeConstants?: boolean;
  /**
   * Weight decay on W; the bound is then on W(s) - g(s) W(0), g the factor by which W(0) has decayed. Default: whether
   * the optimizer decays W; true where the loss has a squared norm of W.
   */
  readonly weightDecay?: boolean;
  /** a penalty other than squared norms of parameters, such as L1, or one on rates; default false */
  readonly penalty?: boolean;
  /** what the weights follow in place of the gradient; default: the gradient */
  readonly rule?: RuleOf;
  /** what is read out, and whether the readout trains; default { reads: "rates", trains: true } */
  readonly readout?: { readonly reads?: "rates" | "states"; readonly trains?: boolean };
}

/** What every key of a setup may be. */
export const learningSetup = {
  units: { is: "whole number", least: 1, needed: true },
  inputs: { is: "checked", check: countOrMatrix, needed: true },
  outputs: { is: "checked", check: countOrMatrix, needed: true },
  initial: {
    is: "record",
    of: {
      weights: { is: "checked", check: finiteMatrix },
      states: { is: "checked", check: countOrMatrix, fallback: 0 },
      bias: { is: "boolean", fallback: false },
    },
    fallback: {},
  },
  snapshots: { is: "whole number", least: 1 },
  steps: { is: "whole number", least: 1 },
  activation: { is: "checked", check: checkActivationForm, needed: true },
  optimizer: { is: "checked", check: checkSpan, needed: true },
  training: {
    is: "record",
    of: {
      noise: { is: "boolean", fallback: false },
      constrained: { is: "boolean", fallback: false },
      unitTimeConstants: { is: "boolean", fallback: false },
      weightDecay: { is: "boolean", fallback: false },
      penalty: { is: "boolean", fallback: false },
      rule: { is: "checked", check: checkRuleOf },
      readout: {
        is: "record",
        of: {
          reads: { is: "name", of: ["rates", "states"], fallback: "rates" },
          trains: { is: "boolean", fallback: true },
        },
        fallback: {},
      },
    },
    fallback: {},
  },
} as const satisfies FieldsOf<LearningSetup>;
