import type { Matrix, Tensor } from "../tensor";

/** How large a tensor is, and how much of that is a level rather than a pattern. */
export interface Level {
  /** the norm of what is observed */
  readonly size: number;
  /** the part of that norm that remains when the slices of one mode, the one that leaves least, lose their means */
  readonly variation: number;
  /** what the means of those slices make, where it is nearly all: a tensor of one component, by mode (size × 1) */
  readonly offset?: readonly Matrix[];
}

/**
 * Where less than this part of the norm varies about means of slices, a start at random begins with those means:
 * without them no sweep finds what varies.
 */
const largeOffset = 0.1;

/**
 * The norm of a tensor, and its variation about the means of slices: recordings often stand on a large offset, of the
 * whole or of each neuron, and what is to be explained is the rest.
 *
 * @param mask - 0 where an entry is missing, which is then not read
 * @remarks One pass. Means are taken about the first observed entry, so that a large offset costs no digits.
 */
export function levelOf({ shape, data }: Tensor, mask?: Float64Array): Level {
  const last = shape.length - 1,
    width = shape[last];
  const sums = shape.map((size) => new Float64Array(size)),
    counts = shape.map((size) => new Float64Array(size).fill(mask ? 0 : data.length / size));
  const first = mask ? data[Math.max(0, mask.indexOf(1))] : data[0];
  let squares = 0,
    spread = 0; // sum of squares about `first`
  for (let from = 0, line = 0; from < data.length; from += width, line++) {
    let sum = 0,
      seen = 0;
    for (let j = 0; j < width; j++) {
      if (mask && mask[from + j] === 0) continue;
      const value = data[from + j],
        difference = value - first;
      squares += value * value;
      spread += difference * difference;
      sums[last][j] += difference;
      sum += difference;
      if (mask) counts[last][j]++;
      seen++;
    }
    for (let mode = last - 1, rest = line; mode >= 0; rest = Math.floor(rest / shape[mode]), mode--) {
      sums[mode][rest % shape[mode]] += sum;
      if (mask) counts[mode][rest % shape[mode]] += seen;
    }
  }
  const explained = sums.map((sum, mode) =>
    sum.reduce((total, s, i) => (counts[mode][i] === 0 ? total : total + (s * s) / counts[mode][i]), 0),
  );
  const best = explained.reduce((found, value, mode) => (value > explained[found] ? mode : found), 0);
  const size = Math.sqrt(squares),
    variation = size === 0 ? 0 : Math.min(1, Math.sqrt(Math.max(0, spread - explained[best])) / size);
  if (size === 0 || variation >= largeOffset) return { size, variation };
  const offset = shape.map((length, mode): Matrix => {
    const means = sums[mode].map((sum, i) => first + sum / (counts[mode][i] || 1));
    return { shape: [length, 1], data: mode === best ? means : new Float64Array(length).fill(1) };
  });
  return { size, variation, offset };
}
