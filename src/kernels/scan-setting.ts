import type { AnyActivation } from "./custom-activation";
import type { Integrator } from "./integrators";
import type { Plant } from "./plant";

/** Sizes and settings of a scan. */
export interface ScanSetting {
  readonly units: number;
  /** of M N' or A diag(c) B'; undefined for full weights */
  readonly rank?: number | undefined;
  /** whether each trial scales the components by factors of its own */
  readonly perTrial: boolean;
  /** columns of wIn, those from the plant's feedback last */
  readonly inputs: number;
  readonly outputs: number;
  readonly steps: number;
  /** dt / tau, of all units or of each */
  readonly alpha: number | Float64Array;
  readonly phi: AnyActivation;
  readonly integrator: Integrator;
  /** what the readout sees */
  readonly reads: "rates" | "states";
  /** what the readout is multiplied by, its bias not; default 1 */
  readonly gain?: number;
  readonly plant?: Plant | undefined;
  /** what observed counts correct the states of a filter by; absent: by what the outputs miss */
  readonly innovation?: PlannedInnovation | undefined;
  readonly noisy: boolean;
  /** what is added to the loss for every rate, `l1 |h| + l2 h² / 2`, times a weight for each trial and step */
  readonly ratePenalty?: { readonly l1: number; readonly l2: number } | undefined;
}

/** What counts say beyond expected ones, `binWidth f(y)`, as `countInnovation` numbers it. */
export interface PlannedInnovation {
  readonly kind: 0 | 1 | 2;
  readonly link: 0 | 1;
  readonly binWidth: number;
}

/** What a scan reads, shared by all panels; arrays row-major. */
export interface ScanWeights {
  /** W (units × units), or the column factor (units × rank) */
  readonly left: Float64Array;
  /** the row factor (units × rank) */
  readonly right?: Float64Array | undefined;
  /** W_0 (units × units), added to weights of low rank in every trial */
  readonly static?: Float64Array | undefined;
  /** G (units × outputs): what observations correct the states by */
  readonly filterGain?: Float64Array | undefined;
  readonly wIn: Float64Array;
  readonly bias?: Float64Array | undefined;
  /** (outputs × units); absent: the rates or states are the outputs */
  readonly readout?: Float64Array | undefined;
  /** (outputs), what the readout's rows, or the rates or states, are multiplied by */
  readonly readoutGain?: Float64Array | undefined;
  readonly readoutBias?: Float64Array | undefined;
}

/** Gradients summed over the panels so far, in the shapes of {@link ScanWeights}. */
export type ScanGradients = { readonly [name in keyof ScanWeights]-?: Float64Array };
