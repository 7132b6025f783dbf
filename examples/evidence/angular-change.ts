import type { Tensor3 } from "ltrnn";
import { ridge, ridgeSums } from "./ridge";

/** Means over trials of the entries of a mask (bins × factors); 0 where there are none. */
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
  return sums.map((sum, s) => (counts[s] > 0 ? sum / counts[s] : 0));
}

/**
 * What the switch changes of a target's mean, from how those of the others change: `a + b cos(angle) + c sin(angle)`
 * for every bin and factor, by least squares over the other targets.
 */
export function angularChange(
  data: Tensor3,
  train: Tensor3,
  { conditions, epochs }: { readonly conditions: readonly number[]; readonly epochs: readonly number[] },
  target: number,
): Float64Array {
  const others = [...new Set(conditions)].filter((condition) => condition !== target),
    size = data.shape[1] * data.shape[2],
    places = [0, 1, 2];
  const waves = (degrees: number) => [1, Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  const rows = others.map((other) => {
    const in_ = (epoch: number) => meanOfTrials(data, train, (k) => conditions[k] === other && epochs[k] === epoch),
      [before, after] = [in_(0), in_(1)];
    return { places, values: waves(other), targets: Array.from(after, (x, at) => x - before[at]) };
  });
  const { data: b } = ridge(ridgeSums(rows, 3, size), () => 0),
    here = waves(target);
  return Float64Array.from({ length: size }, (_, at) =>
    places.reduce((sum, place) => sum + here[place] * b[place * size + at], 0),
  );
}
