import { checkWhole, fail, show } from "../base";

/** Refuse what is no list of sizes, as long as `modes` where that is given. */
function checkSizes(where: string, shape: readonly number[], modes?: number): void {
  const listed: unknown = shape;
  if (!Array.isArray(listed) || listed.length === 0 || (modes !== undefined && listed.length !== modes))
    fail(where, {
      expected: modes === undefined ? "an array of at least one size" : `an array of ${modes} sizes`,
      got: show(shape),
      fix: "Pass the shape of a tensor.",
    });
  Array.from(shape, (size, mode) => checkWhole(where, `the size of mode ${mode}`, size, 1));
}

/**
 * The rank of almost all complex tensors of a three-way shape. Real tensors have typical ranks only, several of them
 * with positive probability; this is the smallest.
 *
 * @throws {@link LtrnnError} when there are not three sizes of at least 1
 * @remarks Sorted I ≤ J ≤ K: min(K, I J) where K > (I - 1)(J - 1), else ceil(I J K / (I + J + K - 2)), and one more for
 * 3 × n × n with n odd.
 * @see Strassen (1983), Linear Algebra Appl. 52; Abo, Ottaviani & Peterson (2009), Trans. Amer. Math. Soc. 361: the
 * defective cases known; docs/theory.md D3
 * @example genericRank([3, 3, 3]) // 5
 */
export function genericRank(shape: readonly [number, number, number]): number {
  checkSizes("genericRank", shape, 3);
  const [i, j, k] = [...shape].sort((p, q) => p - q);
  if (k > (i - 1) * (j - 1)) return Math.min(k, i * j);
  return Math.ceil((i * j * k) / (i + j + k - 2)) + (i === 3 && j === k && j % 2 === 1 ? 1 : 0);
}

/**
 * No tensor of a shape needs more components: the product of all sizes but the largest.
 *
 * @throws {@link LtrnnError} when there is no size, or one is not a whole number of at least 1
 * @see Kruskal (1989), Rank, decomposition, and uniqueness for 3-way and N-way arrays: the bound
 * @example maximalRankAtMost([2, 3, 4]) // 6
 */
export function maximalRankAtMost(shape: readonly number[]): number {
  checkSizes("maximalRankAtMost", shape);
  const largest = shape.reduce((most, size, mode) => (size > shape[most] ? mode : most), 0);
  return shape.reduce((product, size, mode) => (mode === largest ? product : product * size), 1);
}
