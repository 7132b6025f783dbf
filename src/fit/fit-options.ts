import type { Activation, Precision } from "../kernels";
import type { GradientTransform } from "../optim";
import type { Head, OwnLoss } from "../rnn";
import type { Tensor3 } from "../tensor";
import type { TrialKernel } from "./trial-covariance";

export interface FitOptions {
  /** 1 to fit, 0 to leave out (trials × time × neurons); absent: all. Entries under 0 are never read, unless `validation` has them */
  readonly mask?: Tensor3;
  /** entries to choose starts and the best step by; must not overlap the mask. Absent: the training loss chooses */
  readonly validation?: Tensor3;
  /** a label per trial: trials of one condition share initial state and learned inputs. Absent: all are of one */
  readonly conditions?: readonly number[];
  /** a label per trial: trial factors may jump between epochs. Absent: all are of one */
  readonly epochs?: readonly number[];
  /** known inputs (trials × time × inputs), or how many to learn per condition. Default 4 */
  readonly inputs?: Tensor3 | number;
  /**
   * "linear": neurons are read from `units` rates, with a bias. "identity": neurons are the units. A head, such as `tfjsHead` makes: it predicts neurons from `units`
   * rates, its parameters train along, and activity is in its own unit. Default "linear"
   */
  readonly decoder?: "linear" | "identity" | Head;
  /**
   * a loss of one's own on the prediction, in the activity's unit, such as `tfjsLoss` makes: its targets are the activity, its mask the training mask, and its parameters
   * train along. Over the entries of `validation`, under their mask, it also chooses starts and the best step. Default half the mean squared error
   */
  readonly loss?: OwnLoss;
  /** units of the network (default 64; with the identity decoder the neurons), time constant and Euler step in bins (defaults 2 and 1), activation (default tanh) */
  readonly network?: {
    readonly units?: number;
    readonly tau?: number;
    readonly dt?: number;
    readonly phi?: Activation;
  };
  /** how smooth trial factors are; default a length of a fifth of the trials */
  readonly trialKernel?: TrialKernel;
  /** updates (default 300), random starts (default 2; the worse half is dropped after each fifth of the updates), optimizer (default Adam on a cosine, clipped) */
  readonly training?: { readonly steps?: number; readonly starts?: number; readonly optimizer?: GradientTransform };
  /** what the states are computed in; default "float64" */
  readonly precision?: Precision;
  /** threads that trials are split over; default 1. Workers end with the fit. See docs/choose.md for when it pays */
  readonly threads?: number;
  /** default 0 */
  readonly seed?: number;
  /** stops the fit, with status "aborted" */
  readonly signal?: AbortSignal;
}
