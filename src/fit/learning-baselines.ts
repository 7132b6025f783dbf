import { square } from "../base";
import { kernelMean } from "../baselines";
import type { Label } from "../masks";
import { zeros, type Tensor3 } from "../tensor";

/** The entries of a mask in the trials from `from` up to `to`. */
export function between({ shape, data }: Tensor3, from: number, to: number): Tensor3 {
  const size = shape[1] * shape[2];
  return { shape, data: data.map((entry, i) => (i >= from * size && i < to * size ? entry : 0)) };
}

/** The first trials. */
export const knownTrials = ({ shape: [, time, neurons], data }: Tensor3, known: number): Tensor3 => ({
  shape: [known, time, neurons],
  data: data.slice(0, known * time * neurons),
});

/** The trials after the first. */
export const trialsAfter = ({ shape: [trials, time, neurons], data }: Tensor3, known: number): Tensor3 => ({
  shape: [trials - known, time, neurons],
  data: data.slice(known * time * neurons),
});

/** A prediction of the last trials, behind zeros for the others. */
export function behindKnown({ shape }: Tensor3, prediction: Tensor3): Tensor3 {
  const whole: Tensor3 = zeros(shape);
  whole.data.set(prediction.data, whole.data.length - prediction.data.length);
  return whole;
}

/**
 * The width of the kernel that says most of the last fifth of the known trials from those before; of equal ones the
 * first.
 */
export function chosenWidth(
  where: string,
  activity: Tensor3,
  train: Tensor3,
  known: number,
  conditions: readonly Label[],
  widths: readonly number[],
): number {
  const [, time, neurons] = activity.shape,
    cut = known - Math.max(1, Math.floor(known / 5)),
    before = between(train, 0, cut),
    after = between(train, cut, known),
    seen = Array.from({ length: neurons }, (_, n) => before.data.some((entry, i) => entry !== 0 && i % neurons === n));
  // a neuron first seen in the last fifth is known by itself alone
  const learned = { ...before, data: before.data.map((entry, i) => (seen[i % neurons] ? entry : train.data[i])) };
  const errors = widths.map((width) => {
    const said = kernelMean(where, activity, learned, conditions, width).data;
    let sum = 0;
    for (let i = 0; i < known * time * neurons; i++) if (after.data[i] !== 0) sum += square(said[i] - activity.data[i]);
    return sum;
  });
  return widths[errors.reduce((best, error, i) => (error < errors[best] ? i : best), 0)];
}

/** For each trial to come the last observed entry of its condition, bin by bin; `otherwise` where there is none. */
export function lastValues(
  activity: Tensor3,
  train: Tensor3,
  conditions: readonly Label[],
  known: number,
  otherwise: Tensor3,
): Tensor3 {
  const [, time, neurons] = activity.shape,
    size = time * neurons,
    data = otherwise.data.slice();
  for (let k = known; k < conditions.length; k++)
    for (let s = 0; s < size; s++)
      for (let j = known - 1; j >= 0; j--)
        if (conditions[j] === conditions[k] && train.data[j * size + s] !== 0) {
          data[(k - known) * size + s] = activity.data[j * size + s];
          break;
        }
  return { shape: otherwise.shape, data };
}
