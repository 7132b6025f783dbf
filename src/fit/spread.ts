import { fail, safeUnit } from "../base";
import { largestUnder, unitMeans } from "../scores";
import type { Tensor3 } from "../tensor";

/** How the activity to fit is spread: what scaling, reach and remarks are made of. */
export interface Spread {
  /** of each neuron, over its training entries */
  readonly means: Float64Array;
  /** how many training entries each neuron has */
  readonly counts: Float64Array;
  /** root of the mean squared deviation from the neurons' means; 0 where all neurons are constant */
  readonly deviation: number;
  /** root of the mean square */
  readonly rootMeanSquare: number;
  /** the largest magnitude */
  readonly largest: number;
  /** neurons whose training entries do not vary, beyond rounding */
  readonly constantNeurons: readonly number[];
}

/** Refuse numbers whose squares overflow or underflow, such as activity in an unsuitable unit. */
export function checkUnit(where: string, name: string, largest: number): void {
  if (largest === 0 || (largest >= 1e-150 && largest <= 1e150)) return;
  fail(where, {
    expected: `${name} of magnitudes between 1e-150 and 1e150`,
    got: `a largest one of ${largest}`,
    fix: `Divide ${name} by the largest magnitude.`,
  });
}

/** The spread of the training entries; a neuron without any is refused, and so is a unit whose square is no number. */
export function spreadOf(where: string, activity: Tensor3, train: Tensor3): Spread {
  const neurons = activity.shape[2],
    means = unitMeans(activity, train),
    largest = largestUnder(activity, train),
    scale = safeUnit(largest);
  checkUnit(where, "activity", largest);
  const counts = new Float64Array(neurons),
    largestOf = new Float64Array(neurons),
    deviations = new Float64Array(neurons);
  let squares = 0;
  for (let index = 0; index < train.data.length; index++) {
    if (train.data[index] === 0) continue;
    const neuron = index % neurons,
      x = scale * activity.data[index],
      deviation = x - scale * means[neuron];
    counts[neuron]++;
    largestOf[neuron] = Math.max(largestOf[neuron], Math.abs(x));
    deviations[neuron] += deviation * deviation;
    squares += x * x;
  }
  const silent = counts.indexOf(0);
  if (silent >= 0)
    fail(where, {
      expected: "entries to fit of every neuron",
      got: `none of neuron ${silent}`,
      fix: "Leave that neuron out, or unmask some of it.",
    });
  const rounding = largestOf.map((value) => 8 * Number.EPSILON * value),
    varies = deviations.map((sum, i) => (sum > counts[i] * rounding[i] * rounding[i] ? sum : 0)),
    observed = counts.reduce((sum, count) => sum + count, 0);
  return {
    means,
    counts,
    deviation: Math.sqrt(varies.reduce((sum, value) => sum + value, 0) / observed) / scale,
    rootMeanSquare: Math.sqrt(squares / observed) / scale,
    largest,
    constantNeurons: [...varies.keys()].filter((neuron) => varies[neuron] === 0),
  };
}
