import type { Labels } from "../masks";
import type { SmoothFactors, TrialFactors } from "../parts";

/** What a model of inputs has to know of the fit that it is for. */
export interface InputSetting {
  /** the row of each trial */
  readonly conditions: { readonly rows: readonly number[]; readonly count: number };
  /** bins of the recording */
  readonly time: number;
  /** bins before it */
  readonly preparation: number;
  readonly epochs: Labels | undefined;
  /** of the weights */
  readonly trialKernel: SmoothFactors | TrialFactors;
  /** Euler step, in bins */
  readonly dt: number;
}
