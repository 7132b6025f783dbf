import { readOptions, type FieldsOf, type Filled } from "../base";
import { isCustom, readLoss } from "../losses";
import { checkLabels, type Labels } from "../masks";
import { checkTensor3, type Tensor3 } from "../tensor";
import { checkDecoder, headOf, type DecoderOption } from "./decoder-choice";
import { fitNetworkFields, type FitNetwork } from "./fit-network";
import type { LowTensorRankFit } from "./fit-result";
import { fitTrainingFields, type FitDraws, type FitPenalties, type FitTraining } from "./fit-training";
import { areKnown, checkInputs, type InputsOption } from "./inputs-option";
import { checkStart } from "./option-checks";

export interface FitOptions {
  /**
   * 1 to fit, 0 to leave out (trials × time × neurons); absent: all. Entries where it is 0 are never
   * read, unless `validation` has them
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
   * known inputs (trials × time × inputs), the bins of `network.preparation` first; how many to learn per condition;
   * how to learn them, such as `{ count: 4, changing: 2, smoothness: 3 }`; a model of them; or a list of several of
   * these. Default 4
   */
  readonly inputs?: InputsOption | readonly InputsOption[];
  /**
   * "linear": neurons are a linear readout of `units` rates, with a bias. "orthogonal": the same with orthonormal
   * columns, times one learned gain. "identity": neurons are the units, times one gain. A record, such as
   * `{ kind: "identity", gain: "learned", bias: "learned" }`, also says whether the gain ("learned" for each neuron, or
   * "shared") and the bias are learned. A head, such as `tfjsHead` returns, predicts neurons from `units` rates; its
   * parameters are trained too, and activity stays in its unit. Default "linear"
   */
  readonly decoder?: DecoderOption;
  /** defaults: see {@link FitNetwork} */
  readonly network?: FitNetwork;
  /** defaults: see {@link FitTraining} */
  readonly training?: FitTraining;
  /** start i, from 0, has the seed plus i. Default 0 */
  readonly seed?: number;
  /**
   * an earlier fit of the same data and options, also one read from a file: this call continues it, to the same bits as
   * an uninterrupted fit; default a new fit
   */
  readonly start?: LowTensorRankFit;
}

/** The type and default of every option; defaults that depend on the activity are filled in later. */
export const fitFields = {
  mask: { is: "checked", check: checkTensor3 },
  validation: { is: "checked", check: checkTensor3 },
  conditions: { is: "checked", check: checkLabels },
  epochs: { is: "checked", check: checkLabels },
  inputs: { is: "checked", check: checkInputs, fallback: 4 },
  decoder: { is: "checked", check: checkDecoder, fallback: "linear" },
  network: {
    is: "record",
    of: fitNetworkFields,
    fallback: {},
  },
  training: {
    is: "record",
    of: fitTrainingFields,
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
      readonly penalties: Pick<FitPenalties, "noiseShare"> &
        Readonly<Record<Exclude<keyof FitPenalties, "noiseShare">, { readonly l1: number; readonly l2: number }>>;
      readonly draws: Required<FitDraws>;
    };
}

/** The options of a fit, checked. */
export function readFitOptions(where: string, options: FitOptions | undefined): GivenFit {
  const given = readOptions(where, options, fitFields) as unknown as GivenFit,
    loss = readLoss(where, "training.loss", given.training.loss),
    custom = headOf(given.decoder) !== undefined || isCustom(loss) || !loss.information,
    drawn = given.training.draws.trialShare < 1 || given.training.draws.noise > 0,
    // then random weights are all that a start is made of: some end in other solutions, and all take longer
    known = areKnown(given.inputs),
    { steps = custom || drawn ? 300 : known ? 2000 : 1000, starts = known ? 3 : 2 } = given.training;
  return { ...given, training: { ...given.training, steps, starts } };
}
