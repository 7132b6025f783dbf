import { firstColumns } from "../linalg";
import type { Tensor } from "../tensor";
import { leadingVectors } from "./hosvd-start";
import { expandedBy, projectedBy } from "./mode-kernels";

/** Rounds of projecting and filling in again. */
const rounds = 10;

/**
 * A tensor whose missing entries are filled in, so that it has singular vectors to start from: first by the means of
 * their slices, added up, then by the projection on the leading singular vectors of every mode, a few times over.
 *
 * @see Kiers (1997), Weighted least squares fitting using ordinary least squares algorithms, Psychometrika 62
 */
export function completed(x: Tensor, mask: Tensor, rank: number, seed: number): Tensor {
  let whole = byMeans(x, mask);
  for (let round = 0; round < rounds; round++) {
    const bases = leadingVectors(whole, rank, seed).map((u) => firstColumns(u, Math.min(rank, u.shape[1]))),
      model = expandedBy(projectedBy(whole, bases), bases).data;
    whole = filledBy(x, mask, model);
  }
  return whole;
}

/** x with the entries of a model where its own are missing. */
export const filledBy = ({ shape, data }: Tensor, mask: Tensor, model: Float64Array): Tensor => ({
  shape,
  data: data.map((value, i) => (mask.data[i] === 0 ? model[i] : value)),
});

/**
 * Missing entries are the mean of all entries, plus, for each mode, the difference between the mean of their slice and
 * it.
 */
function byMeans({ shape, data }: Tensor, mask: Tensor): Tensor {
  const strides = shape.map((_, mode) => shape.slice(mode + 1).reduce((product, size) => product * size, 1)),
    sums = shape.map((size) => new Float64Array(size)),
    counts = shape.map((size) => new Float64Array(size)),
    indexOf = (i: number, mode: number) => Math.floor(i / strides[mode]) % shape[mode];
  let sum = 0,
    count = 0;
  data.forEach((value, i) => {
    if (mask.data[i] === 0) return;
    sum += value;
    count++;
    for (let mode = 0; mode < shape.length; mode++) {
      const slice = indexOf(i, mode);
      sums[mode][slice] += value;
      counts[mode][slice]++;
    }
  });
  const mean = sum / count,
    offsets = sums.map((ofMode, mode) => ofMode.map((total, slice) => total / counts[mode][slice] - mean));
  return {
    shape,
    data: data.map((value, i) =>
      mask.data[i] === 0 ? offsets.reduce((fill, ofMode, mode) => fill + ofMode[indexOf(i, mode)], mean) : value,
    ),
  };
}
