import type { Activation, Precision } from "../kernels";
import type { Label } from "../masks";
import type { Setting } from "../models";
import type { CountInnovation, Head, Loss, LossDescription } from "../losses";
import type { Params, Tensor3 } from "../tensor";
import type { Draws } from "./draws";
import type { OutputUnit } from "./output-unit";
import type { FitInputs } from "./read-inputs";
import type { Decoder, InitialStates, NetworkParts, TrialFactors } from "../parts";

/** The data of a fit, and the parts that it is composed of. */
export interface FitProblem {
  readonly rank: number;
  readonly units: number;
  /** bins before the first recorded one: in activity and masks they are there, as 0 */
  readonly preparation: number;
  /** (trials × time × neurons), as the loss sees it; read only where one of the masks is 1 */
  readonly activity: Tensor3;
  readonly train: Tensor3;
  /** the same as it was given, without a preparatory period */
  readonly recorded: {
    readonly activity: Tensor3;
    readonly train: Tensor3;
    readonly validation: Tensor3 | undefined;
  };
  readonly validation: Tensor3 | undefined;
  /** row of x0 and of the learned inputs that each trial takes */
  readonly conditions: readonly number[];
  readonly conditionLabels: readonly Label[];
  readonly inputs: FitInputs;
  readonly trialFactors: TrialFactors;
  readonly initialStates: InitialStates;
  readonly span: NetworkParts["span"];
  readonly sizedInputs: NetworkParts["sizedInputs"];
  /** columns of the static part of the weights */
  readonly staticRank: number | "full";
  /** what corrects the states of a filter under the training mask, in the unit of outputs; undefined: no filter */
  readonly observed: Tensor3 | undefined;
  /** what it corrects by, of counts; undefined: by what outputs miss of it */
  readonly innovation: CountInnovation | undefined;
  /** what priors of parts are multiplied by: the variance of the noise over the number of training entries */
  readonly priorWeight: number;
  /** the source of that variance: given, or estimated from neighboring trials, which may differ by more than noise */
  readonly noiseFrom: "given" | "neighbors";
  /** of parameters whose priors are normal, where they are not 0: as in a refit that draws them */
  readonly priorMeans: Params;
  /** what penalties of parts are multiplied by: 1, or 0 where the loss alone counts */
  readonly penaltyWeight: number;
  /** of rates, of which penalties of parts know nothing */
  readonly ratePenalty: { readonly l1: number; readonly l2: number };
  /** what every update draws anew; undefined: nothing */
  readonly draws: Draws | undefined;
  readonly decoder: Decoder;
  /** of the outputs; of unit size while they are fitted where `standardized` */
  readonly unit: OutputUnit;
  /** whether activity and outputs are of unit size in the loss */
  readonly standardized: boolean;
  /** what makes the prediction of the outputs, where it is no decoder of the library's */
  readonly head: Head | undefined;
  /** on the outputs, with the head in it */
  readonly loss: Loss;
  readonly lossDescription: LossDescription;
  readonly setting: Setting & { readonly tau: number; readonly phi: Activation };
  readonly dt: number;
  readonly precision: Precision;
  readonly remarks: {
    readonly constantNeurons: readonly number[];
    readonly unseenTrials: readonly number[];
    readonly outOfReach: number;
  };
  /** the problem as plain data, by checksums where it is large */
  readonly description: Readonly<Record<string, unknown>>;
  /** parameters of all parts, where they start */
  start(seed: number): Params;
}
