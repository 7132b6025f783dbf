import { log } from "../base";
import type { Evaluated } from "../optim";
import type { Matrix } from "../tensor";
import { listedMttkrp } from "./sparse-mttkrp";
import type { SparseTensor } from "./sparse-tensor";

/** Added to the model in logarithms and denominators, as in gcp. */
const floor = 1e-10;

/** The Poisson loss of CP models of sparse counts, over all entries, zeros included. */
export interface SparsePoissonProblem {
  readonly variables: number;
  /** the sum of losses over the number of counts, and its gradient in all factors, one after another */
  evaluate(variables: Float64Array): Evaluated;
  factorsOf(variables: Float64Array): Matrix[];
}

/**
 * `Σ m - Σ x log m`: the first sum is over all entries, and is that of the products of column sums of the factors; the
 * second is over the listed entries.
 *
 * @param total - the sum of all counts
 * @see Chi & Kolda (2012), On tensors, sparsity, and nonnegative factorizations, SIAM J. Matrix Anal. Appl. 33
 */
export function sparsePoissonProblem(x: SparseTensor, rank: number, total: number): SparsePoissonProblem {
  const { shape, coordinates, values } = x,
    modes = shape.length;
  const factorsOf = (variables: Float64Array): Matrix[] => {
    let from = 0;
    return shape.map((size) => {
      from += size * rank;
      return { shape: [size, rank], data: variables.subarray(from - size * rank, from) };
    });
  };
  return {
    variables: shape.reduce((sum, size) => sum + size * rank, 0),
    factorsOf,
    evaluate(variables) {
      const factors = factorsOf(variables),
        sums = factors.map(columnSums),
        ratios = new Float64Array(values.length),
        row = new Float64Array(rank);
      let loss = 0;
      for (let r = 0; r < rank; r++) loss += sums.reduce((product, sum) => product * sum[r], 1);
      for (let entry = 0, at = 0; entry < values.length; entry++) {
        row.fill(1);
        for (let mode = 0; mode < modes; mode++, at++) {
          const f = factors[mode].data,
            from = coordinates[at] * rank;
          for (let r = 0; r < rank; r++) row[r] *= f[from + r];
        }
        let m = floor;
        for (let r = 0; r < rank; r++) m += row[r];
        loss -= values[entry] * log(m);
        ratios[entry] = values[entry] / m;
      }
      const gradient = new Float64Array(variables.length),
        slopes = factorsOf(gradient),
        seen = { shape, coordinates, values: ratios };
      slopes.forEach(({ data }, mode) => {
        const others = row.map((_, r) =>
            sums.reduce((product, sum, n) => (n === mode ? product : product * sum[r]), 1),
          ),
          products = listedMttkrp(seen, factors, mode).data;
        for (let i = 0; i < data.length; i++) data[i] = (others[i % rank] - products[i]) / total;
      });
      return { loss: loss / total, gradient };
    },
  };
}

export function columnSums({ shape: [, rank], data }: Matrix): Float64Array {
  const sums = new Float64Array(rank);
  data.forEach((value, i) => {
    sums[i % rank] += value;
  });
  return sums;
}
