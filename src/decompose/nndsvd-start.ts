import type { Matrix, Tensor } from "../tensor";
import { leadingVectors } from "./hosvd-start";
import { contractMode } from "./mode-kernels";
import { randomStart } from "./random-start";

/**
 * Factors of at least 0 from the singular vectors of every mode's unfolding: of each pair of left and right vectors the
 * parts above and below zero are two non-negative pairs, and the column is the left one of the pair with the larger
 * product of norms. Columns past a mode's rank are random. The first pair of a non-negative tensor is of one sign.
 *
 * @see Boutsidis & Gallopoulos (2008), SVD based initialization: a head start for nonnegative matrix factorization,
 * Pattern Recognit. 41, figure 1
 */
export function nndsvdStart(x: Tensor, rank: number, seed: number): Matrix[] {
  const bases = leadingVectors(x, rank, seed);
  return randomStart(x, rank, seed).map(({ shape, data }, mode) => {
    const out = data.map(Math.abs),
      basis = bases[mode],
      count = Math.min(rank, basis.shape[1]);
    for (let r = 0; r < count; r++) {
      const u = column(basis, r),
        left = parts(u),
        // singular value times right vector: along the mode, the fibers of x times u
        right = parts(contractMode(x, { shape: [u.length, 1], data: u }, mode).data),
        isAbove = left.above * right.above >= left.below * right.below,
        product = isAbove ? left.above * right.above : left.below * right.below,
        length = (isAbove ? left.above : left.below) || 1;
      // the first is taken whole, as the vectors of a non-negative matrix are
      const scale = r === 0 ? Math.sqrt(right.whole) : Math.sqrt(product) / length;
      for (let i = 0; i < shape[0]; i++)
        out[i * rank + r] = scale * (r === 0 ? Math.abs(u[i]) : Math.max(0, isAbove ? u[i] : -u[i]));
    }
    return { shape, data: out };
  });
}

const column = ({ shape: [, columns], data }: Matrix, r: number): Float64Array =>
  data.filter((_, i) => i % columns === r);

/** The norms of the entries above zero, of those below, and of all. */
function parts(v: Float64Array): { readonly above: number; readonly below: number; readonly whole: number } {
  let above = 0,
    below = 0;
  for (const value of v)
    if (value > 0) above += value * value;
    else below += value * value;
  return { above: Math.sqrt(above), below: Math.sqrt(below), whole: Math.sqrt(above + below) };
}
