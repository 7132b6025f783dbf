import { type FieldsOf, fail, readOptions } from "../base";
import { checkFinite, checkTensor, type Matrix, select } from "../tensor";
import { singularValues } from "./svd";
import { reducedRows } from "./reduced-rows";
import { unitColumns } from "./unit-columns";

export interface KRankOptions {
  /**
   * k columns, each scaled to unit length, count as dependent when their smallest singular value is at or below this;
   * default 1e-10
   */
  readonly tolerance?: number;
}

/** Options of {@link kRank}, as they are read. */
export const kRankFields = {
  tolerance: { is: "number", above: 0, below: 1, fallback: 1e-10 },
} as const satisfies FieldsOf<KRankOptions>;

/** More sets of columns are not looked at. */
const mostSets = 200_000;

/**
 * The k-rank (Kruskal rank): the largest k such that every k columns are linearly independent. It is at most the rank,
 * and 0 where a column is zero.
 *
 * @throws {@link LtrnnError} when an entry is not finite, or more than 200000 sets of columns would have to be looked
 * at
 * @remarks All sets of columns up to the k-rank plus one are looked at: binomial in the number of columns.
 * @see Kruskal (1977), Three-way arrays: rank and uniqueness of trilinear decompositions, Linear Algebra Appl. 18
 * @example kRank(tensor([2, 3], [1, 0, 2, 0, 1, 0])) // 1: the first and the last column are parallel
 */
export function kRank(m: Matrix, options: KRankOptions = {}): number {
  return kRankFor("kRank", "m", m, readOptions("kRank", options, kRankFields).tolerance);
}

/** {@link kRank} of a matrix of this name, on behalf of `where`. */
export function kRankFor(where: string, name: string, m: Matrix, tolerance: number): number {
  checkTensor(where, name, m, 2);
  checkFinite(where, name, m);
  const columns = m.shape[1],
    most = Math.min(m.shape[0], columns);
  const unit = reducedRows(unitColumns(m)); // as long as the columns are many, not as long as the rows are
  let looked = 0;
  for (let k = 1; k <= most; k++)
    for (const set of subsets(columns, k)) {
      if (++looked > mostSets)
        fail(where, {
          expected: `at most ${mostSets} sets of columns to look at`,
          got: `more, with ${columns} columns in ${name}`,
          fix: "Take fewer columns: uniqueness of a subset says less, but can be had.",
        });
      if (singularValues(select(unit, 1, set))[k - 1] <= tolerance) return k - 1;
    }
  return most;
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
