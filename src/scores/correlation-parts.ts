import { type FieldsOf, readOptions, safeUnit, square } from "../base";
import { checkLabels, labelRows, type Labels } from "../masks";
import { checkFinite, checkMask, checkSameShape, checkTensor, checkTensor3, type Tensor3 } from "../tensor";
import { largestUnder } from "./unit-means";

/** Which entries are compared, and the conditions of trials. */
export interface CorrelationOptions {
  /** entries that are compared, 1 in and 0 out; absent: all */
  readonly over?: Tensor3;
  /** a label per trial; absent: all are of one condition */
  readonly conditions?: Labels;
}

/** The correlation of a neuron with its prediction, and what it is made of. `null` where something does not vary. */
export interface CorrelationParts {
  readonly total: number | null;
  /** the part of the total from the means of conditions in each bin: `signal + noise` is `total` */
  readonly signal: number | null;
  /** the part from deviations of single trials from these means */
  readonly noise: number | null;
  /** the correlation of the means themselves */
  readonly signalCorrelation: number | null;
  /** the correlation of the deviations themselves */
  readonly noiseCorrelation: number | null;
}

/** Parts of each neuron. */
export interface Correlations {
  readonly neurons: readonly CorrelationParts[];
}

const fields = {
  over: { is: "checked", check: checkTensor3 },
  conditions: { is: "checked", check: checkLabels },
} as const satisfies FieldsOf<CorrelationOptions>;

/**
 * The correlation of every neuron with its prediction, split into its parts. Covariances and variances over entries are
 * a sum of two: those of the means of conditions in each bin (signal), and those of the deviations of single trials
 * from them (noise).
 *
 * @param activity - (trials × time × neurons); entries outside `over` are not read
 * @throws {@link LtrnnError} when shapes or labels disagree, or an entry that is read is not finite
 * @remarks O(entries). With one trial of a condition in a bin, its deviation is 0.
 * @see Cohen & Kohn (2011), Measuring and interpreting neuronal correlations, Nature Neuroscience 14
 * @example correlationParts(tensor([2, 1, 1], [1, 3]), tensor([2, 1, 1], [1, 2])).neurons[0].noise // 1, up to rounding
 */
export function correlationParts(
  activity: Tensor3,
  prediction: Tensor3,
  options: CorrelationOptions = {},
): Correlations {
  return correlationPartsIn("correlationParts", activity, prediction, options);
}

/** {@link correlationParts} for another public function: errors carry that function's name. */
export function correlationPartsIn(
  where: string,
  activity: Tensor3,
  prediction: Tensor3,
  options: CorrelationOptions,
): Correlations {
  checkTensor(where, "activity", activity, 3);
  checkSameShape(where, "prediction", prediction, activity.shape, "activity");
  const { over, conditions } = readOptions<CorrelationOptions, typeof fields>(where, options, fields),
    [trials, time, neurons] = activity.shape;
  if (over) checkMask(where, "over", over, activity.shape, "activity");
  checkFinite(where, "activity", activity, over);
  checkFinite(where, "prediction", prediction, over);
  const { rows, labels } = labelRows(where, "conditions", conditions, trials),
    mask = over ?? { shape: activity.shape, data: new Float64Array(activity.data.length).fill(1) },
    [xScale, yScale] = [activity, prediction].map((one) => safeUnit(largestUnder(one, mask)));
  return {
    neurons: Array.from({ length: neurons }, (_, neuron) => {
      const groups: { readonly x: number[]; readonly y: number[] }[] = Array.from(
        { length: labels.length * time },
        () => ({ x: [], y: [] }),
      );
      let first: readonly [x: number, y: number] | undefined;
      const largest = { x: 0, y: 0 };
      for (let at = neuron, bin = 0; at < mask.data.length; at += neurons, bin++) {
        if (mask.data[at] === 0) continue;
        const [x, y] = [activity.data[at] * xScale, prediction.data[at] * yScale];
        first ??= [x, y]; // sums are about the first entry: those of a constant are 0
        largest.x = Math.max(largest.x, Math.abs(x));
        largest.y = Math.max(largest.y, Math.abs(y));
        const group = groups[rows[Math.floor(bin / time)] * time + (bin % time)];
        group.x.push(x - first[0]);
        group.y.push(y - first[1]);
      }
      return partsOf(groups, largest);
    }),
  };
}

/** @param largest - the largest magnitudes: what varies by their rounding alone counts as constant */
function partsOf(
  groups: readonly { readonly x: readonly number[]; readonly y: readonly number[] }[],
  largest: { readonly x: number; readonly y: number },
): CorrelationParts {
  const count = groups.reduce((sum, { x }) => sum + x.length, 0),
    meanOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value / values.length, 0),
    center = (pick: "x" | "y") =>
      groups.reduce((sum, group) => sum + group[pick].reduce((a, b) => a + b, 0), 0) / count,
    centers = { x: center("x"), y: center("y") },
    signal = { xx: 0, yy: 0, xy: 0 },
    noise = { xx: 0, yy: 0, xy: 0 };
  for (const { x, y } of groups) {
    if (x.length === 0) continue;
    const means = { x: meanOf(x), y: meanOf(y) };
    add(signal, means.x - centers.x, means.y - centers.y, x.length);
    x.forEach((value, i) => {
      add(noise, value - means.x, y[i] - means.y, 1);
    });
  }
  const varies = (squares: number, size: number) => squares > count * square(8 * Number.EPSILON * size),
    own = ({ xx, yy, xy }: typeof signal) =>
      varies(xx, largest.x) && varies(yy, largest.y) ? xy / Math.sqrt(xx) / Math.sqrt(yy) : null,
    whole = { xx: signal.xx + noise.xx, yy: signal.yy + noise.yy, xy: signal.xy + noise.xy },
    total = own(whole),
    share = (part: number) => (total === null ? null : part / Math.sqrt(whole.xx) / Math.sqrt(whole.yy));
  return {
    total,
    signal: share(signal.xy),
    noise: share(noise.xy),
    signalCorrelation: own(signal),
    noiseCorrelation: own(noise),
  };
}

function add(sums: { xx: number; yy: number; xy: number }, x: number, y: number, weight: number): void {
  sums.xx += weight * x * x;
  sums.yy += weight * y * y;
  sums.xy += weight * x * y;
}
