import type { FieldsOf } from "../base";
import { checkActivationForm, type AnyActivation } from "../kernels";
import { finiteMatrix, type Matrix } from "../tensor";
import { countOrMatrix } from "./checks";
import { checkRuleOf, checkSpan, type RuleOf, type SpanOf } from "./learning-assumptions";

/**
 * The properties of a network and its training, before it is trained. {@link learningSetupOf} reads them from a model.
 */
export interface LearningSetup {
  readonly units: number;
  /**
   * Number of inputs, or W_in (units × inputs), whose rank may be lower; or W_in times the inputs of all times, whose
   * rank is that of the excited directions.
   */
  readonly inputs: number | Matrix;
  /** number of outputs, or C (outputs × units), or the error signals of all times, each times C (any × units) */
  readonly outputs: number | Matrix;
  /** where learning starts; default as {@link LearningInitial} says */
  readonly initial?: LearningInitial;
  /**
   * number of snapshots of the weights that are stacked, with any number of updates between them; at most this many
   * slices of the tensor of changes differ. The start, whose change is zero, need not be counted. Default `steps`
   */
  readonly snapshots?: number;
  /** most updates, needed where `snapshots` is not given: there are at most that many changes; no default */
  readonly steps?: number;
  readonly activation: AnyActivation;
  /** a gradient transform of this library, or its name and span */
  readonly optimizer: SpanOf;
  /** other properties of the network and its training; defaults as {@link LearningSpecials} says */
  readonly training?: LearningSpecials;
}

/** Where a network starts; parameters that are left out start at zero. */
export interface LearningInitial {
  /** W(0), (units × units) */
  readonly weights?: Matrix;
  /** the states at the start of a trial, one per row, or the dimension that they span; default 0 */
  readonly states?: number | Matrix;
  /** whether there is a bias that does not start at zero; default false */
  readonly bias?: boolean;
}

/** Properties of a network and its training that break an assumption or change the statement. */
export interface LearningSpecials {
  /** process noise on the states; default false */
  readonly noise?: boolean;
  /** whether weights are frozen, masked or constrained in sign; default false */
  readonly constrained?: boolean;
  /** whether units have different time constants; default false */
  readonly unitTimeConstants?: boolean;
  /**
   * Weight decay on W; the bound is then on W(s) - g(s) W(0), g the factor by which W(0) has decayed. Default: whether
   * the optimizer decays W; true where the loss has a squared norm of W.
   */
  readonly weightDecay?: boolean;
  /** a penalty other than squared norms of parameters, such as L1, or one on rates; default false */
  readonly penalty?: boolean;
  /** the learning rule that updates follow in place of the gradient; default: the gradient */
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
