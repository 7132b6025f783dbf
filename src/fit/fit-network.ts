import type { FieldsOf } from "../base";
import { activations, type Activation } from "../kernels";
import type { InnovationName } from "../losses";
import type { NetworkParts, SmoothFactors, TrialFactors } from "../parts";
import { checkFilter, checkStaticRank, checkTrialKernel } from "./option-checks";
import { checkInitialStates, type InitialStatesOption } from "./read-initial-states";

/** The network that is fitted. */
export interface FitNetwork {
  /** default 64; with the identity decoder the neurons */
  readonly units?: number;
  /** time constant, in bins; default 2 */
  readonly tau?: number;
  /** Euler step, in bins; default 1 */
  readonly dt?: number;
  /** default "tanh" */
  readonly phi?: Activation;
  /**
   * the kernel of smooth trial factors, or a whole prior of them, such as {@link gaussianTrialFactors} or
   * {@link randomWalkTrialFactors} returns; default a rational quadratic kernel with a length of a fifth of the trials
   */
  readonly trialKernel?: SmoothFactors | TrialFactors;
  /**
   * rank of W_0, the part of the weights that does not change over trials, or "full" for any matrix; default 0: none
   */
  readonly staticRank?: number | "full";
  /**
   * "condition": one initial state for each condition; "shared": one for all trials; `{ sigma }`: one for each trial,
   * normal about that of its condition. Default "condition"
   */
  readonly initialStates?: InitialStatesOption;
  /**
   * "columns": input weights, bias and initial states lie in the span of the column factors, as in the paper's code.
   * Default "free"
   */
  readonly span?: NetworkParts["span"];
  /**
   * bins that are simulated before the first recorded one, without a loss; inputs are learned there too.
   * Default 0
   */
  readonly preparation?: number;
  /**
   * true: the network is a filter. After each bin, states are corrected by the prediction error,
   * `x_t <- x_t + G (observed_t - y_t)` with a learned gain G, so the prediction of a bin uses the bins before it in
   * `mask`; default false. With counts, the correction is by the "score" (the derivative of the Poisson log likelihood,
   * the meaning of true), the "residual" or the "pearson" residual, see {@link CountInnovation}
   */
  readonly filter?: boolean | InnovationName;
}

/** The type and default of every option of the network. */
export const fitNetworkFields = {
  units: { is: "whole number", least: 1 },
  tau: { is: "number", above: 0, fallback: 2 },
  dt: { is: "number", above: 0, fallback: 1 },
  phi: { is: "name", of: activations, fallback: "tanh" },
  trialKernel: { is: "checked", check: checkTrialKernel, fallback: {} },
  staticRank: { is: "checked", check: checkStaticRank, fallback: 0 },
  filter: { is: "checked", check: checkFilter, fallback: false },
  initialStates: { is: "checked", check: checkInitialStates, fallback: "condition" },
  span: { is: "name", of: ["free", "columns"], fallback: "free" },
  preparation: { is: "whole number", least: 0, most: 1_000_000, fallback: 0 },
} as const satisfies FieldsOf<FitNetwork>;
