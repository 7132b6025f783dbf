import type { Tensor3 } from "ltrnn";
import { ridge, ridgeSums } from "./ridge";

/** Where fewer trials than this are left, the mean of a bin is that of the last bin with as many: trials end early. */
const fewest = 5;

/** Means over trials of the entries of a mask (bins × factors). */
export function meanOfTrials(x: Tensor3, mask: Tensor3, inside: (trial: number) => boolean): Float64Array {
  const [trials, bins, neurons] = x.shape,
    size = bins * neurons,
    sums = new Float64Array(size),
    counts = new Float64Array(size);
  for (let k = 0; k < trials; k++)
    for (let s = 0; inside(k) && s < size; s++)
      if (mask.data[k * size + s] !== 0) {
        sums[s] += x.data[k * size + s];
        counts[s]++;
      }
  const means = sums.map((sum, s) => sum / Math.max(1, counts[s]));
  for (let s = neurons; s < size; s++) if (counts[s] < fewest) means[s] = means[s - neurons];
  return means;
}

interface Labeled {
  readonly conditions: readonly number[];
  readonly epochs: readonly number[];
}

const waves = (degrees: number) => [1, Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];

/** How the mean of each target but one changes with the switch (bins × factors). */
function changesOf(data: Tensor3, train: Tensor3, { conditions, epochs }: Labeled, target: number) {
  return [...new Set(conditions)]
    .filter((condition) => condition !== target)
    .map((angle) => {
      const [before, after] = [0, 1].map((epoch) =>
        meanOfTrials(data, train, (k) => conditions[k] === angle && epochs[k] === epoch),
      );
      return { angle, change: after.map((x, at) => x - before[at]) };
    });
}

/** `a + b cos(angle) + c sin(angle)` for every bin and factor, by least squares with a ridge on a, b and c. */
function angularModel(changes: ReturnType<typeof changesOf>, penalty: number): (angle: number) => Float64Array {
  const size = changes[0].change.length,
    places = [0, 1, 2],
    rows = changes.map(({ angle, change }) => ({ places, values: waves(angle), targets: [...change] })),
    { data: b } = ridge(ridgeSums(rows, 3, size), () => penalty);
  return (angle) => {
    const here = waves(angle);
    return Float64Array.from({ length: size }, (_, at) =>
      places.reduce((sum, place) => sum + here[place] * b[place * size + at], 0),
    );
  };
}

/** What the switch changes of a target's mean, from how those of the others change. */
export const angularChange = (data: Tensor3, train: Tensor3, labels: Labeled, target: number): Float64Array =>
  angularModel(changesOf(data, train, labels, target), 0)(target);

/** The same with the ridge that predicts each of the other targets best from the rest. */
export function shrunkenAngularChange(data: Tensor3, train: Tensor3, labels: Labeled, target: number): Float64Array {
  const changes = changesOf(data, train, labels, target);
  let best = { loss: Infinity, penalty: 0 };
  for (const penalty of [0, 0.3, 1, 3, 10, 30, 100, 1e6]) {
    let loss = 0;
    for (const { angle, change } of changes) {
      const rest = changes.filter((other) => other.angle !== angle);
      angularModel(
        rest,
        penalty,
      )(angle).forEach((x, at) => {
        loss += (x - change[at]) ** 2;
      });
    }
    if (loss < best.loss) best = { loss, penalty };
  }
  return angularModel(changes, best.penalty)(target);
}
