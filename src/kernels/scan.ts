import { activate, activateAdjoint } from "./activation";
import { lanes } from "./panel";
import { plantScan } from "./plant-scan";
import { addOuter, addProduct, transposed } from "./product";
import type { Recurrence } from "./recurrence";
import type { ScanBuffers, ScanGradients, ScanSetting, ScanWeights } from "./scan-buffers";

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
