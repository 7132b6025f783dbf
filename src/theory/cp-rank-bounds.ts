import { checkAbove, checkWhole, fail, provenance, random, type Provenance } from "../base";
import { numericalRank } from "../linalg";
import { checkFinite, checkTensor, modeProduct, unfold, zeros, type Matrix, type Tensor3 } from "../tensor";

/** Between which numbers the CP rank of a tensor lies, and why. Plain data. */
export interface CpRankBounds {
  /** no CP decomposition, nor any limit of them, has fewer components */
  readonly atLeast: number;
  /** some CP decomposition has this many */
  readonly atMost: number;
  /** rank of the unfolding in every mode */
  readonly multilinear: readonly number[];
  /** the bound of the Koszul flattening, for each choice of the third mode; 0 where that mode has fewer than three indices */
  readonly koszul: readonly number[];
  readonly because: string;
  readonly provenance: Provenance;
}

export interface CpRankBoundsOptions {
  /** of every numerical rank, relative to the largest singular value; default that of {@link numericalRank} */
  readonly tolerance?: number;
  /** of the three directions that a longer mode is projected on; default 0 */
  readonly seed?: number;
}

/**
 * The CP rank of a three-way tensor from both sides, without a decomposition: at least the rank of every unfolding and half that of the Koszul flattening, at most
 * the product of any two multilinear ranks.
 *
 * @throws {@link LtrnnError} when x has other than three modes or is not finite
 * @remarks SVDs of the unfoldings, and of matrices three times the size of two modes: O(27 size³).
 * @see Strassen (1983), Linear Algebra Appl. 52; Landsberg & Ottaviani (2015), Theory of Computing 11: the flattening; docs/theory.md D1, D2
 * @example cpRankBounds(tensor([2, 2, 2], [1, 0, 0, 0, 0, 0, 0, 1])).atLeast // 2
 */
export function cpRankBounds(x: Tensor3, { tolerance, seed = 0 }: CpRankBoundsOptions = {}): CpRankBounds {
  checkTensor("cpRankBounds", "x", x, 3);
  checkFinite("cpRankBounds", "x", x);
  checkAbove("cpRankBounds", "seed", seed, -Infinity);
  const options = tolerance === undefined ? {} : { tolerance };
  const multilinear = x.shape.map((_, mode) => numericalRank(unfold(x, mode), options).rank),
    [r1, r2, r3] = multilinear;
  const koszul = x.shape.map((size, mode) =>
    size < 3 ? 0 : Math.ceil(numericalRank(koszulFlattening(x, mode, seed), options).rank / 2),
  );
  const unfoldings = Math.max(...multilinear),
    flattened = Math.max(...koszul),
    atMost = Math.min(r1 * r2, r1 * r3, r2 * r3);
  return {
    atLeast: Math.max(unfoldings, flattened),
    atMost,
    multilinear,
    koszul,
    because: `${flattened > unfoldings ? `a component adds at most 2 to the rank of the Koszul flattening, which is above ${2 * flattened - 2}` : `a component adds at most 1 to the rank of an unfolding, which is ${unfoldings}`}; and a core of ${multilinear.join(" × ")} is a sum of ${atMost} components`,
    provenance: provenance("cpRankBounds", seed, { tolerance: tolerance ?? null }),
  };
}

/**
 * The matrix `[[0, X3, -X2], [-X3, 0, X1], [X2, -X1, 0]]` of three slices of a mode, each a random combination where the mode is longer. A component a ∘ b ∘ c adds the Kronecker
 * product of a skew 3 × 3 matrix, of rank 2, and a b', of rank 1.
 */
function koszulFlattening(x: Tensor3, mode: number, seed: number): Matrix {
  const stream = random(seed, "koszul directions"),
    size = x.shape[mode],
    directions = zeros([3, size]);
  for (let at = 0; at < directions.data.length; at++)
    directions.data[at] = size === 3 ? Number(at % 4 === 0) : stream.normal();
  const slices = unfold(modeProduct(x, directions, mode), mode),
    [rows, columns] = x.shape.filter((_, other) => other !== mode);
  const out = zeros([3 * rows, 3 * columns]);
  const place = (blockRow: number, blockColumn: number, slice: number, sign: number) => {
    for (let i = 0; i < rows; i++)
      for (let j = 0; j < columns; j++)
        out.data[(blockRow * rows + i) * 3 * columns + blockColumn * columns + j] =
          sign * slices.data[(slice * rows + i) * columns + j];
  };
  for (const [i, j, slice] of [
    [0, 1, 2],
    [1, 2, 0],
    [2, 0, 1],
  ]) {
    place(i, j, slice, 1);
    place(j, i, slice, -1);
  }
  return out;
}

/**
 * The rank of almost all complex tensors of a three-way shape. Real tensors have typical ranks only, several of them with positive probability; this is the smallest.
 *
 * @throws {@link LtrnnError} when there are not three sizes of at least 1
 * @remarks Sorted I ≤ J ≤ K: min(K, I J) where K > (I - 1)(J - 1), else ceil(I J K / (I + J + K - 2)), and one more for 3 × n × n with n odd.
 * @see Strassen (1983), Linear Algebra Appl. 52; Abo, Ottaviani & Peterson (2009), Trans. Amer. Math. Soc. 361: the defective cases known; docs/theory.md D3
 * @example genericRank([3, 3, 3]) // 5
 */
export function genericRank(shape: readonly [number, number, number]): number {
  if (shape.length !== 3)
    fail("genericRank", { expected: "three sizes", got: String(shape.length), fix: "The formula is for three modes." });
  for (const size of shape) checkWhole("genericRank", "each size", size, 1);
  const [i, j, k] = [...shape].sort((p, q) => p - q);
  if (k > (i - 1) * (j - 1)) return Math.min(k, i * j);
  return Math.ceil((i * j * k) / (i + j + k - 2)) + (i === 3 && j === k && j % 2 === 1 ? 1 : 0);
}

/** No tensor of a shape needs more components: the product of all sizes but the largest. @example maximalRankAtMost([2, 3, 4]) // 6 */
export function maximalRankAtMost(shape: readonly number[]): number {
  if (shape.length === 0)
    fail("maximalRankAtMost", { expected: "at least one size", got: "none", fix: "Pass the shape of a tensor." });
  for (const size of shape) checkWhole("maximalRankAtMost", "each size", size, 1);
  return shape.reduce((product, size) => product * size, 1) / Math.max(...shape);
}
