import { readOptions, type FieldsOf, type Filled } from "../base";
import { activations, type Activation, type Precision } from "../kernels";
import { checkLabels, type Labels } from "../masks";
import { checkOptimizer, type GradientTransform } from "../optim";
import { isCustom, readLoss, type Loss, type LossDescription, type LossName } from "../losses";
import { ratePenaltyFields, type RatePenalty } from "../run";
import type { Tensor3 } from "../tensor";
import type { LowTensorRankFit } from "./fit-result";
import type { NetworkParts, SmoothFactors, TrialFactors } from "../parts";
import { checkDecoder, headOf, type DecoderOption } from "./decoder-choice";
import { checkInputs, type InputsOption } from "./inputs-option";
import { checkStart, checkStaticRank, checkTensor3, checkTrialKernel } from "./option-checks";
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
   * how smooth trial factors are, or a prior of them, such as {@link gaussianTrialFactors} or
   * {@link randomWalkTrialFactors} makes; default a rational quadratic kernel with a length of a fifth of the trials
   */
  readonly trialKernel?: SmoothFactors | TrialFactors;
  /**
   * rank of W_0, a part of the weights that does not change over trials, beside the components, or "full" for any
   * matrix; default 0: none
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
   * bins that are simulated before the first recorded one, and compared with nothing; inputs are learned there too.
   * Default 0
   */
  readonly preparation?: number;
  /**
   * true: a trial's own past corrects its states, `x_t <- x_t + G (observed_t - y_t)` with a gain G that is learned, so
   * the prediction of every bin is one from the bins before it that `mask` has; default false
   */
  readonly filter?: boolean;
}

/** `l1 mean |x| + l2 mean x² / 2` for rates, over trials up to their last bin, time and units, and for trial factors. */
export interface FitPenalties {
  readonly rates?: RatePenalty;
  readonly trialFactors?: RatePenalty;
}

/** How a fit is trained. */
export interface FitTraining {
  /** updates of each start, at most; default 1000, with a custom loss or a head 300 */
  readonly steps?: number;
  /** random starts; the worse half is dropped after each fifth of the updates, at most 100. Default 2 */
  readonly starts?: number;
  /**
   * default L-BFGS on parameters that are scaled by the curvature of the loss; with a custom loss or a head, Adam on a
   * cosine, gradients clipped. On resuming, the one of the earlier fit
   */
  readonly optimizer?: GradientTransform;
  /**
   * a start has converged when its updates lower the loss by less than this share of it on average; default 1e-5, and 0
   * (updates are made to the last) with an optimizer that does not search along lines
   */
  readonly tolerance?: number;
  /**
   * what compares activity and outputs. For spike counts "poisson", or a loss such as {@link poissonLoss} gives; for
   * others a custom loss on the prediction, in the activity's unit, such as `tfjsLoss` makes: its targets are the
   * activity, its mask the training mask, and its parameters train along. Over the entries of `validation` it also
   * chooses starts and the best step. Default half the mean squared error
   */
  readonly loss?: Loss | LossDescription | LossName;
  /** what the states are computed in; default "float64" */
  readonly precision?: Precision;
  /** threads that trials are split over; default 1. Workers end with the fit. See docs/choose.md for when it pays */
  readonly threads?: number;
  /**
   * how much of the activity's variance is noise, as a share: priors of trial factors, inputs and initial states pull
   * as strongly as this noise allows, and 0 is not at all. Default half the mean squared difference of neighboring
   * trials of one condition; with a custom loss 0. Losses on counts know their noise: with them it is a share of what
   * their likelihood asks for, default 1
   */
  readonly noiseShare?: number;
  /** what is added to the loss, which with a squared error is in units of the activity's variance. Default nothing */
  readonly penalties?: FitPenalties;
  /** stops the fit, with status "aborted" */
  readonly signal?: AbortSignal;
}

export interface FitOptions {
  /**
   * 1 to fit, 0 to leave out (trials × time × neurons); absent: all. Entries under 0 are never read, unless
   * `validation` has them
   */
  readonly mask?: Tensor3;
  /** entries to choose starts and the best step by; must not overlap the mask. Absent: the training loss chooses */
  readonly validation?: Tensor3;
  /**
   * a label per trial, a number, text or boolean: trials of one condition share initial state and learned inputs.
   * Absent: all are of one
   */
  readonly conditions?: Labels;
  /** a label per trial: trial factors may jump between epochs. Absent: all are of one */
  readonly epochs?: Labels;
  /**
   * known inputs (trials × time × inputs), the bins of `network.preparation` first; how many to learn per condition; how
   * to learn them, such as `{ count: 4, changing: 2, smoothness: 3 }`; a model of them; or a list of such, side by side.
   * Default 4
   */
  readonly inputs?: InputsOption | readonly InputsOption[];
  /**
   * "linear": neurons are read from `units` rates, with a bias. "orthogonal": the same by orthonormal columns, up to one
   * gain that is learned. "identity": neurons are the units, up to one gain. A record, such as
   * `{ kind: "identity", gain: "learned", bias: "learned" }`, says what is learned beside: one gain for each neuron,
   * "shared" for one in all, a bias. A head, such as `tfjsHead` makes: it predicts neurons from `units` rates, its
   * parameters train along, and activity is in its own unit. Default "linear"
   */
  readonly decoder?: DecoderOption;
  readonly network?: FitNetwork;
  readonly training?: FitTraining;
  /** default 0 */
  readonly seed?: number;
  /**
   * an earlier fit of the same data and options, as it was or through a file: this one continues where it stood, to the
   * bits of a fit that never stopped
   */
  readonly start?: LowTensorRankFit;
}

/** What every option may be, and its default; those that depend on the activity are filled in later. */
export const fitFields = {
  mask: { is: "checked", check: checkTensor3 },
  validation: { is: "checked", check: checkTensor3 },
  conditions: { is: "checked", check: checkLabels },
  epochs: { is: "checked", check: checkLabels },
  inputs: { is: "checked", check: checkInputs, fallback: 4 },
  decoder: { is: "checked", check: checkDecoder, fallback: "linear" },
  network: {
    is: "record",
    of: {
      units: { is: "whole number", least: 1 },
      tau: { is: "number", above: 0, fallback: 2 },
      dt: { is: "number", above: 0, fallback: 1 },
      phi: { is: "name", of: activations, fallback: "tanh" },
      trialKernel: { is: "checked", check: checkTrialKernel, fallback: {} },
      staticRank: { is: "checked", check: checkStaticRank, fallback: 0 },
      filter: { is: "boolean", fallback: false },
      initialStates: { is: "checked", check: checkInitialStates, fallback: "condition" },
      span: { is: "name", of: ["free", "columns"], fallback: "free" },
      preparation: { is: "whole number", least: 0, most: 1_000_000, fallback: 0 },
    },
    fallback: {},
  },
  training: {
    is: "record",
    of: {
      steps: { is: "whole number", least: 1, most: 9007199254740991 },
      starts: { is: "whole number", least: 1, most: 10_000, fallback: 2 },
      optimizer: { is: "checked", check: checkOptimizer },
      tolerance: { is: "number", least: 0, below: 1 },
      loss: { is: "checked", check: readLoss },
      precision: { is: "name", of: ["float64", "float32"], fallback: "float64" },
      threads: { is: "whole number", least: 1, most: 1024, fallback: 1 },
      noiseShare: { is: "number", least: 0, most: 1 },
      penalties: {
        is: "record",
        of: {
          rates: { is: "record", of: ratePenaltyFields, fallback: {} },
          trialFactors: { is: "record", of: ratePenaltyFields, fallback: {} },
        },
        fallback: {},
      },
      signal: { is: "AbortSignal" },
    },
    fallback: {},
  },
  seed: { is: "seed", fallback: 0 },
  start: { is: "checked", check: checkStart },
} as const satisfies FieldsOf<FitOptions>;

/** The options with their defaults. */
export interface GivenFit extends Omit<Filled<FitOptions, typeof fitFields>, "network" | "training" | "decoder"> {
  readonly decoder: NonNullable<FitOptions["decoder"]>;
  readonly network: FitNetwork & Required<Omit<FitNetwork, "units">>;
  readonly training: FitTraining &
    Required<Pick<FitTraining, "steps" | "starts" | "precision" | "threads">> & {
      readonly penalties: Readonly<Record<keyof FitPenalties, { readonly l1: number; readonly l2: number }>>;
    };
}

/** The options of a fit, checked. */
export function readFitOptions(where: string, options: FitOptions | undefined): GivenFit {
  const given = readOptions(where, options, fitFields) as unknown as GivenFit,
    loss = readLoss(where, "training.loss", given.training.loss),
    custom = headOf(given.decoder) !== undefined || isCustom(loss) || !loss.information;
  return { ...given, training: { ...given.training, steps: given.training.steps ?? (custom ? 300 : 1000) } };
}
