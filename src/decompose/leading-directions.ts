import { firstColumns, symmetricSpectrum } from "../linalg";
import { matmul, type Matrix, type Tensor } from "../tensor";
import { contractMode, gramOf, outside } from "./mode-kernels";

/** The leading left singular vectors of a mode's unfolding, and the sum of squares outside them. */
export interface LeadingDirections {
  /** (size × rank), orthonormal columns, largest singular value first */
  readonly u: Matrix;
  /** x multiplied by u' in that mode, where that was needed already */
  readonly projected?: Tensor;
  /** singular values of the unfolding, largest first */
  readonly values: readonly number[];
  /** the sum of squares of what projection on u takes away */
  readonly discarded: number;
}

/** How many directions to keep: a number, or the fewest that leave at most `budget` of the sum of squares out. */
export type Keep = { readonly rank: number } | { readonly budget: number };

/** Singular values below this times the largest come from the residual after projecting out those above. */
const trusted = 1e-4;

/** Budgets above this part of the sum of squares are decided by the first Gram matrix. */
const roughly = 1e-9;

/**
 * Leading left singular vectors of a mode's unfolding from eigenvectors of its Gram matrix, by the kernels. Squaring
 * loses singular values below 1e-8 of the largest, so where these matter, those below 1e-4 come from the Gram matrix of
 * x projected on the complement of the ones above, and so on: each level squares numbers of its own size only. Singular
 * values are then good to 1e-12 of the largest.
 *
 * What is discarded is the sum of the squares of the residual itself where it is small beside x, never a difference of
 * two norms.
 *
 * @remarks O(entries · size) for each level; one level unless the ranks ask for more.
 */
export function leadingDirections(x: Tensor, mode: number, keep: Keep): LeadingDirections {
  const size = x.shape[mode],
    values: number[] = [],
    bases: Matrix[] = [];
  let complement: Matrix | undefined, // of the directions that are found; undefined before the first
    squares = 0;
  for (let level = 0; values.length < size; level++) {
    const rest: Tensor = complement ? contractMode(x, complement, mode) : x,
      { values: squared, leading } = symmetricSpectrum("leadingDirections", gramOf(rest, mode)),
      sizes = squared.map((value) => Math.sqrt(Math.max(0, value)));
    if (level === 0) squares = squared.reduceRight((sum, value) => sum + Math.max(0, value), 0);
    const certain = sizes.filter((value) => value > trusted * sizes[0]).length,
      enough = "rank" in keep ? keep.rank <= values.length + certain : keep.budget > roughly * squares,
      count = enough || level === 3 || certain === 0 ? sizes.length : certain;
    values.push(...sizes.slice(0, count));
    // no more vectors than are kept, but for those of a complement
    const wanted = count < sizes.length ? sizes.length : Math.max(1, rankOf(keep, values) - values.length + count),
      vectors = leading(wanted),
      turned = complement ? matmul(complement, vectors) : vectors;
    bases.push(firstColumns(turned, Math.min(count, wanted)));
    if (count < sizes.length) complement = columnsFrom(turned, count);
  }
  const rank = rankOf(keep, values),
    u = firstColumns(beside(bases, size), rank),
    tail = values.slice(rank).reduceRight((sum, value) => sum + value * value, 0);
  if (tail > 1e-6 * squares) return { u, values, discarded: tail };
  const projected = contractMode(x, u, mode);
  return { u, projected, values, discarded: outside(x, u, projected, mode) };
}

const rankOf = (keep: Keep, values: readonly number[]): number =>
  "rank" in keep ? keep.rank : rankWithin(values, keep.budget);

/** The columns of a matrix from `first` on. */
function columnsFrom({ shape: [rows, columns], data }: Matrix, first: number): Matrix {
  const width = columns - first,
    out = new Float64Array(rows * width);
  for (let i = 0; i < rows; i++) out.set(data.subarray(i * columns + first, (i + 1) * columns), i * width);
  return { shape: [rows, width], data: out };
}

/** The fewest leading values that leave at most `budget` of the sum of squares to the others. */
function rankWithin(values: readonly number[], budget: number): number {
  let rank = values.length,
    tail = 0;
  while (rank > 1 && tail + values[rank - 1] * values[rank - 1] <= budget) {
    tail += values[rank - 1] * values[rank - 1];
    rank--;
  }
  return rank;
}

/** Matrices of the same number of rows side by side. */
function beside(blocks: readonly Matrix[], rows: number): Matrix {
  if (blocks.length === 1) return blocks[0];
  const columns = blocks.reduce((sum, { shape }) => sum + shape[1], 0),
    data = new Float64Array(rows * columns);
  let first = 0;
  for (const { shape, data: block } of blocks) {
    for (let i = 0; i < rows; i++) data.set(block.subarray(i * shape[1], (i + 1) * shape[1]), i * columns + first);
    first += shape[1];
  }
  return { shape: [rows, columns], data };
}
