import { symmetricEigen } from "../linalg";
import { activationOf, type Activation } from "../kernels";
import { modeGram, zeros, type Matrix, type Tensor3, type Vector } from "../tensor";

/** Free parameters that produce the mean activity of every condition without recurrence. */
export interface MeanStart {
  readonly wIn: Matrix;
  readonly u: Tensor3;
  readonly x0: Matrix;
  readonly bias: Vector;
}

/**
 * Where neurons are the units: the drive that moves every state along its condition's mean, `x_t + (x_{t+1} - x_t) /
 * alpha` with `phi(x)` the mean rates, kept in its leading principal directions, one per input. A fit that starts there
 * has only to learn what changes over trials.
 *
 * @param means - rates of every condition (conditions × time × units), in standard units: their size is about 1
 */
export function startFromMeans(means: Tensor3, inputs: number, alpha: number, phi: Activation): MeanStart {
  const [conditions, steps, units] = means.shape,
    count = conditions * steps;
  const { inverse } = activationOf(phi),
    states = means.data.map((rate) => inverse(rate)),
    drive = zeros(means.shape),
    x0 = zeros([conditions, units]),
    bias = zeros([units]);
  for (let c = 0; c < conditions; c++)
    for (let t = 0, at = c * steps * units; t < steps; t++)
      for (let i = 0; i < units; i++, at++) {
        const before = states[t === 0 ? at : at - units]; // the state before the first bin: as in it
        if (t === 0) x0.data[c * units + i] = before;
        drive.data[at] = before + (states[at] - before) / alpha;
        bias.data[i] += drive.data[at] / count;
      }
  for (let index = 0; index < drive.data.length; index++) drive.data[index] -= bias.data[index % units];
  const { values, vectors } = symmetricEigen(modeGram(drive, 2));
  const wIn = zeros([units, inputs]),
    u = zeros([conditions, steps, inputs]);
  for (let j = 0; j < Math.min(inputs, units); j++) {
    const size = Math.sqrt(Math.max(0, values[j]) / count); // inputs of unit variance
    if (size === 0) continue;
    for (let i = 0; i < units; i++) wIn.data[i * inputs + j] = size * vectors.data[i * units + j];
    for (let p = 0; p < count; p++) {
      let sum = 0;
      for (let i = 0; i < units; i++) sum += drive.data[p * units + i] * vectors.data[i * units + j];
      u.data[p * inputs + j] = sum / size;
    }
  }
  return { wIn, u, x0, bias };
}
