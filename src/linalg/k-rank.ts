import { checkAbove, fail } from "../base";
import { checkFinite, checkTensor, norm, zeros, type Matrix } from "../tensor";
import { singularValues } from "./svd";

/**
 * The k-rank (Kruskal rank): the largest k such that every k columns are linearly independent. It is at most the rank, and 0 where a column is zero.
 *
 * @param options.tolerance - k columns, each scaled to unit length, count as dependent when their smallest singular value is at or below this; default 1e-10
 * @throws {@link LtrnnError} when an entry is not finite, or more than 200000 sets of columns would have to be looked at
 * @remarks All sets of columns up to the k-rank plus one are looked at: binomial in the number of columns.
 * @see Kruskal (1977), Three-way arrays: rank and uniqueness of trilinear decompositions, Linear Algebra Appl. 18
 * @example kRank(tensor([2, 3], [1, 0, 2, 0, 1, 0])) // 1: the first and the last column are parallel
 */
export function kRank(m: Matrix, options: { readonly tolerance?: number } = {}): number {
  const { tolerance = 1e-10 } = options;
  checkTensor("kRank", "m", m, 2);
  checkFinite("kRank", "m", m);
  checkAbove("kRank", "tolerance", tolerance, 0);
  const [rows, columns] = m.shape;
  const unit = Array.from({ length: columns }, (_, j) => {
    const column = Float64Array.from({ length: rows }, (_, i) => m.data[i * columns + j]),
      length = norm({ shape: [rows], data: column });
    return length > 0 ? column.map((x) => x / length) : column;
  });
  for (let k = 1, looked = 0; k <= Math.min(rows, columns); k++)
    for (const set of subsets(columns, k)) {
      if (++looked > 200_000)
        fail("kRank", {
          expected: "at most 200000 sets of columns to look at",
          got: `more, with ${columns} columns`,
          fix: "Take fewer columns: uniqueness of a subset says less, but can be had.",
        });
      const chosen = zeros([rows, k]);
      set.forEach((j, at) => unit[j].forEach((x, i) => (chosen.data[i * k + at] = x)));
      if (singularValues(chosen)[k - 1] <= tolerance) return k - 1;
    }
  return Math.min(rows, columns);
}

/** All sets of `size` numbers below `count`, in lexicographic order; the array is reused. */
function* subsets(count: number, size: number): Generator<readonly number[]> {
  const set = Array.from({ length: size }, (_, i) => i);
  for (;;) {
    yield set;
    let i = size - 1;
    while (i >= 0 && set[i] === count - size + i) i--;
    if (i < 0) return;
    set[i]++;
    for (let j = i + 1; j < size; j++) set[j] = set[j - 1] + 1;
  }
}
