import type { Activation } from "./activation";
import { lanes } from "./panel";
import type { Plant } from "./plant";

/** What a scan reads besides the recurrence; arrays row-major, shared by all panels. */
export interface ScanWeights {
  /** (units × inputs), those from the plant's feedback last */
  readonly wIn: Float64Array;
  readonly bias?: Float64Array;
  /** (outputs × units); absent: the outputs are what is read, unit by unit */
  readonly readout?: Float64Array;
  readonly readoutBias?: Float64Array;
}

/** Sizes and settings of a scan. */
export interface ScanSetting {
  readonly units: number;
  /** columns of wIn */
  readonly inputs: number;
  readonly outputs: number;
  readonly steps: number;
  /** dt / tau */
  readonly alpha: number;
  readonly phi: Activation;
  /** what the readout sees */
  readonly reads: "rates" | "states";
  readonly plant?: Plant;
}

/** The buffers of one panel, `[time][n][lane]`, allocated once and used for panel after panel. */
export interface ScanBuffers {
  /** x_0 .. x_T; the caller writes x_0 */
  readonly states: Float64Array;
  /** phi(x_0) .. phi(x_T) */
  readonly rates: Float64Array;
  /** lambda_0 .. lambda_T: dL/dx */
  readonly adjoints: Float64Array;
  /** u_0 .. u_{T-1}; the caller writes all but the feedback rows */
  readonly inputs: Float64Array;
  readonly dInputs: Float64Array;
  /** y_1 .. y_T */
  readonly outputs: Float64Array;
  /** dL/dy, which the loss writes */
  readonly dOutputs: Float64Array;
  /** s_0 .. s_T */
  readonly plantStates: Float64Array;
  /** the loss's own gradient in s_0 .. s_T */
  readonly dPlantStates: Float64Array;
  /** additive process noise of each step, as it enters x; absent for none */
  readonly noise?: Float64Array;
}

export function scanBuffers({ units, inputs, outputs, steps, plant }: ScanSetting, noisy: boolean): ScanBuffers {
  const make = (rows: number, n: number) => new Float64Array(rows * n * lanes);
  const body = plant?.states ?? 0;
  return {
    states: make(steps + 1, units), rates: make(steps + 1, units), adjoints: make(steps + 1, units),
    inputs: make(steps, inputs), dInputs: make(steps, inputs),
    outputs: make(steps, outputs), dOutputs: make(steps, outputs),
    plantStates: make(steps + 1, body), dPlantStates: make(steps + 1, body),
    ...(noisy ? { noise: make(steps, units) } : {}),
  };
}

/** Gradients that add up over panels. */
export interface ScanGradients {
  readonly wIn: Float64Array;
  readonly bias: Float64Array;
  readonly readout: Float64Array;
  readonly readoutBias: Float64Array;
}
