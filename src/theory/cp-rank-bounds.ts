import { type FieldsOf, provenance, type Provenance, random, readOptions, failingAs } from "../base";
import { numericalRank } from "../linalg";
import { checkFinite, checkTensor, type Matrix, modeProduct, norm, type Tensor3, unfold, zeros } from "../tensor";

/** Bounds on the CP rank of a tensor from both sides, with their reasons. Plain data. */
export interface CpRankBounds {
  /** no CP decomposition, nor any limit of them, has fewer components */
  readonly atLeast: number;
  /** some CP decomposition has this many */
  readonly atMost: number;
  /** rank of the unfolding in every mode */
  readonly multilinear: readonly number[];
  /**
   * the bound of the Koszul flattening, for each choice of the third mode; 0 where that mode has fewer than three
   * indices
   */
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

const cpRankBoundsOptions = {
  tolerance: { is: "number", least: 0, below: 1 },
  seed: { is: "seed", fallback: 0 },
} as const satisfies FieldsOf<CpRankBoundsOptions>;

/**
 * The CP rank of a three-way tensor from both sides, without a decomposition: at least the rank of every unfolding and
 * half that of the Koszul flattening, at most the product of any two multilinear ranks.
 *
 * @throws {@link LtrnnError} when x has other than three modes or is not finite
 * @remarks SVDs of the unfoldings, and of matrices three times the size of two modes: O(27 size³).
 * @see Strassen (1983), Linear Algebra Appl. 52; Landsberg & Ottaviani (2015), Theory of Computing 11: the flattening;
 * docs/theory.md D1, D2
 * @example cpRankBounds(tensor([2, 2, 2], [1, 0, 0, 0, 0, 0, 0, 1])).atLeast // 2
 */
export function cpRankBounds(x: Tensor3, options: CpRankBoundsOptions = {}): CpRankBounds {
  const where = "cpRankBounds";
  const { tolerance, seed } = readOptions<CpRankBoundsOptions, typeof cpRankBoundsOptions>(
    where,
    options,
    cpRankBoundsOptions,
  );
  checkTensor(where, "x", x, 3);
  checkFinite(where, "x", x);
  const rankOf = (m: Matrix, absolute = 0) =>
    failingAs(where, () => numericalRank(m, { ...(tolerance === undefined ? {} : { tolerance }), absolute })).rank;
  const multilinear = x.shape.map((_, mode) => rankOf(unfold(x, mode)));
  const koszul = x.shape.map((size, mode) => {
    if (size < 3) return 0;
    const { flattening, rounding } = koszulFlattening(x, mode, seed);
    return Math.ceil(rankOf(flattening, rounding) / 2);
  });
  const [r1, r2, r3] = multilinear;
  const unfoldings = Math.max(...multilinear),
    flattened = Math.max(...koszul);
  const atMost = Math.min(r1 * r2, r1 * r3, r2 * r3);
  const lower =
    flattened > unfoldings
      ? `a component adds at most 2 to the rank of the Koszul flattening, which is above ${2 * flattened - 2}`
      : `a component adds at most 1 to the rank of an unfolding, which is ${unfoldings}`;
  return {
    atLeast: Math.max(unfoldings, flattened),
    atMost,
    multilinear,
    koszul,
    because: `${lower}; and a core of ${multilinear.join(" × ")} is a sum of ${atMost} components`,
    provenance: provenance(where, seed, { tolerance }),
  };
}

/**
 * The matrix `[[0, X3, -X2], [-X3, 0, X1], [X2, -X1, 0]]` of three slices of a mode, each a random combination where
 * the mode is longer, and a bound on the rounding of those sums. A component a ∘ b ∘ c adds the Kronecker product of a
 * skew 3 × 3 matrix, of rank 2, and a b', of rank 1.
 */
function koszulFlattening(
  x: Tensor3,
  mode: number,
  seed: number,
): { readonly flattening: Matrix; readonly rounding: number } {
  const stream = random(seed, "koszul directions"),
    size = x.shape[mode],
    directions = zeros([3, size]);
  for (let i = 0; i < directions.data.length; i++)
    directions.data[i] = size === 3 ? Number(i % 4 === 0) : stream.normal();
  const slices = unfold(modeProduct(x, directions, mode), mode);
  const [rows, columns] = x.shape.filter((_, other) => other !== mode);
  const out = zeros([3 * rows, 3 * columns]);
  const place = (blockRow: number, blockColumn: number, slice: number, sign: number) => {
    for (let i = 0; i < rows; i++)
      for (let j = 0; j < columns; j++)
        out.data[(blockRow * rows + i) * 3 * columns + blockColumn * columns + j] =
          sign * slices.data[(slice * rows + i) * columns + j];
  };
  const blocks = [
    [0, 1, 2],
    [1, 2, 0],
    [2, 0, 1],
  ];
  for (const [i, j, slice] of blocks) {
    place(i, j, slice, 1);
    place(j, i, slice, -1);
  }
  return { flattening: out, rounding: size === 3 ? 0 : size * Number.EPSILON * norm(directions) * norm(x) };
}
