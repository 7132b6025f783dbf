import { activate, activateAdjoint, type Activation } from "./activation";
import { lanes } from "./panel";
import type { Plant } from "./plant";
import { addOuter, addProduct, transposed } from "./product";
import type { Recurrence } from "./recurrence";

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

/**
 * The scan over time of one panel and its adjoint, side by side.
 *
 * `forward` fills states, rates and outputs:
 * `x_{t+1} = x_t + alpha (-x_t + W h_t + W_in u_t + b) + noise_t`, `y_t = C h_t + d` (or `C x_t + d`), `s_{t+1} = plant(s_t, y_{t+1})`.
 *
 * `backward` wants `dOutputs` and `dPlantStates`, and fills adjoints and dInputs, adding to `gradients`:
 * `lambda_t = (1 - alpha) lambda_{t+1} + phi'(x_t) * (alpha W' lambda_{t+1} + C' e_t)`, with `C' e_t` outside phi' where states are read.
 */
export function scan(setting: ScanSetting, weights: ScanWeights, gradients: ScanGradients, buffers: ScanBuffers) {
  const { units, inputs, outputs, steps, alpha, phi, reads, plant } = setting;
  const { wIn, bias, readout, readoutBias } = weights;
  const { states, rates, adjoints, noise } = buffers;
  const slice = units * lanes, inSlice = inputs * lanes, outSlice = outputs * lanes;
  const read = reads === "rates" ? rates : states;
  const wInT = transposed(wIn, units, inputs);
  const readoutT = readout && transposed(readout, outputs, units);
  const drive = new Float64Array(slice), dRates = new Float64Array(slice), dRead = new Float64Array(slice);
  const biasSlice = onLanes(bias, units), readoutBiasSlice = onLanes(readoutBias, outputs);
  const body = plant ? plantScan(plant, setting, buffers) : undefined;

  const forward = (recurrence: Recurrence) => {
    activate(phi, rates, states, 0, slice);
    body?.init();
    for (let t = 0; t < steps; t++) {
      const now = t * slice, next = now + slice;
      body?.feedBack(t);
      drive.set(biasSlice);
      recurrence.apply(drive, rates, now, t);
      addProduct(drive, 0, wIn, buffers.inputs, t * inSlice, units, inputs);
      for (let i = 0; i < slice; i++) states[next + i] = states[now + i] + alpha * (drive[i] - states[now + i]);
      if (noise) for (let i = 0; i < slice; i++) states[next + i] += noise[now + i];
      activate(phi, rates, states, next, slice);
      if (readout) {
        buffers.outputs.set(readoutBiasSlice, t * outSlice);
        addProduct(buffers.outputs, t * outSlice, readout, read, next, outputs, units);
      } else for (let i = 0; i < slice; i++) buffers.outputs[now + i] = read[next + i] + readoutBiasSlice[i];
      body?.move(t);
    }
  };

  const backward = (recurrence: Recurrence) => {
    const { dOutputs, dInputs } = buffers;
    dInputs.fill(0);
    dRates.fill(0); // dL/dh_t by way of later states
    adjoints.fill(0, steps * slice);
    body?.start();
    for (let t = steps - 1; t >= 0; t--) {
      const now = t * slice, next = now + slice;
      body?.moveAdjoint(t);
      const e = t * outSlice;
      dRead.fill(0);
      if (readoutT) {
        addProduct(dRead, 0, readoutT, dOutputs, e, units, outputs);
        addOuter(gradients.readout, dOutputs, e, read, next, outputs, units);
      } else for (let i = 0; i < slice; i++) dRead[i] = dOutputs[e + i];
      addLaneSums(gradients.readoutBias, dOutputs, e, outputs);
      if (reads === "rates") for (let i = 0; i < slice; i++) dRates[i] += dRead[i];
      activateAdjoint(phi, dRates, rates, next, slice);
      // lambda_{t+1} holds (1 - alpha) lambda_{t+2} already
      for (let i = 0; i < slice; i++) adjoints[next + i] += dRates[i];
      if (reads === "states") for (let i = 0; i < slice; i++) adjoints[next + i] += dRead[i];
      const g = dRead; // alpha lambda_{t+1}: dL/d(drive)
      for (let i = 0; i < slice; i++) {
        const lambda = adjoints[next + i];
        g[i] = alpha * lambda;
        adjoints[now + i] = (1 - alpha) * lambda;
      }
      addLaneSums(gradients.bias, g, 0, units);
      addProduct(dInputs, t * inSlice, wInT, g, 0, inputs, units);
      addOuter(gradients.wIn, g, 0, buffers.inputs, t * inSlice, units, inputs);
      body?.feedBackAdjoint(t);
      dRates.fill(0);
      recurrence.adjoint(dRates, g, rates, now, t);
    }
    activateAdjoint(phi, dRates, rates, 0, slice);
    for (let i = 0; i < slice; i++) adjoints[i] += dRates[i];
  };
  return { forward, backward };
}

/** A vector repeated on every lane, `[size][lane]`; zeros where there is none. */
const onLanes = (v: Float64Array | undefined, size: number) => Float64Array.from({ length: size * lanes }, (_, at) => (v ? v[(at / lanes) | 0] : 0));

/** `out[i] += the sum over lanes of g[i]`. */
function addLaneSums(out: Float64Array, g: Float64Array, gAt: number, size: number): void {
  for (let i = 0, at = gAt; i < size; i++, at += lanes) out[i] += g[at] + g[at + 1] + g[at + 2] + g[at + 3] + (g[at + 4] + g[at + 5] + g[at + 6] + g[at + 7]);
}

/** The plant's part of the scan, lane by lane. */
function plantScan(plant: Plant, { inputs, outputs, steps }: ScanSetting, { inputs: u, dInputs, outputs: y, dOutputs, plantStates: s, dPlantStates: ds }: ScanBuffers) {
  const n = plant.states, first = inputs - plant.feedback;
  const state = new Float64Array(n), next = new Float64Array(n), control = new Float64Array(outputs);
  const dState = new Float64Array(n), dNext = new Float64Array(n), dControl = new Float64Array(outputs);
  const total = new Float64Array(n * lanes); // dL/ds_t from the loss and from later steps
  const gather = (to: Float64Array, from: Float64Array, t: number, lane: number) => {
    for (let i = 0, at = t * to.length * lanes + lane; i < to.length; i++, at += lanes) to[i] = from[at];
  };
  return {
    init() {
      plant.init(state);
      for (let i = 0; i < n; i++) s.fill(state[i], i * lanes, (i + 1) * lanes);
    },
    feedBack(t: number) {
      for (let i = 0; i < plant.feedback * lanes; i++) u[(t * inputs + first) * lanes + i] = s[t * n * lanes + i];
    },
    move(t: number) {
      for (let lane = 0; lane < lanes; lane++) {
        gather(state, s, t, lane);
        gather(control, y, t, lane);
        plant.step(next, state, control);
        for (let i = 0; i < n; i++) s[((t + 1) * n + i) * lanes + lane] = next[i];
      }
    },
    start() {
      total.set(ds.subarray(steps * n * lanes));
    },
    moveAdjoint(t: number) {
      for (let lane = 0; lane < lanes; lane++) {
        gather(state, s, t, lane);
        gather(control, y, t, lane);
        for (let i = 0; i < n; i++) dNext[i] = total[i * lanes + lane];
        dState.fill(0);
        dControl.fill(0);
        plant.stepAdjoint(dState, dControl, dNext, state, control);
        for (let i = 0; i < n; i++) total[i * lanes + lane] = dState[i] + ds[(t * n + i) * lanes + lane];
        for (let i = 0; i < outputs; i++) dOutputs[(t * outputs + i) * lanes + lane] += dControl[i];
      }
    },
    feedBackAdjoint(t: number) {
      for (let i = 0; i < plant.feedback * lanes; i++) total[i] += dInputs[(t * inputs + first) * lanes + i];
    },
  };
}
