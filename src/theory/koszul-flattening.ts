import { square } from "../base";
import { binomial } from "./exterior";

/**
 * A Koszul–Young flattening of a tensor with modes w, u, v: the matrix of `Λ^p ⊗ R^u → Λ^(p+1) ⊗ R^v` that wedges with
 * mode w, projected on `size` directions. Conditions are on its range or on its domain, `end`.
 */
export interface KoszulFlattening {
  /** w, the mode that is wedged with */
  readonly mode: number;
  /** directions that mode is projected on */
  readonly directions: number;
  /** p */
  readonly power: number;
  /** "range": pairs of vectors of modes w and v; "domain": of w and u, with u before v */
  readonly end: "range" | "domain";
}

/** The sizes of a flattening for a number of components. */
export interface FlatteningSizes {
  /** the other two modes: u at the domain, v at the range */
  readonly domain: number;
  readonly range: number;
  /** the mode paired with w */
  readonly paired: number;
  /** the rank of one component */
  readonly each: number;
  /** sizes of the matrix */
  readonly rows: number;
  readonly columns: number;
  /** unknowns of the pairs: directions times the size of the paired mode */
  readonly unknowns: number;
  /** linear equations that pairs have to satisfy */
  readonly equations: number;
  /** multiplications, about */
  readonly cost: number;
}

/** More directions than this give matrices that are too large in any case; sets of indices are bits of a number. */
const mostDirections = 24;

export function sizesOf(flattening: KoszulFlattening, shape: readonly number[], rank: number): FlatteningSizes {
  const { mode, directions, power, end } = flattening,
    [domain, range] = [0, 1, 2].filter((other) => other !== mode),
    paired = end === "range" ? range : domain,
    each = binomial(directions - 1, power),
    rows = binomial(directions, power + 1) * shape[range],
    columns = binomial(directions, power) * shape[domain],
    unknowns = directions * shape[paired],
    spanned = rank * each,
    equations =
      end === "range"
        ? (rows - spanned) * binomial(directions, power)
        : (columns - spanned) * binomial(directions, power + 1);
  const couples = (rank * (rank - 1)) / 2,
    cost =
      (rows + columns) * square(spanned) +
      Math.max(0, equations) * square(unknowns) +
      minorsOf(directions, shape[paired]) * square(couples);
  return { domain, range, paired, each, rows, columns, unknowns, equations, cost };
}

/** The number of 2 × 2 minors of a matrix. */
const minorsOf = (rows: number, columns: number) => binomial(rows, 2) * binomial(columns, 2);

/**
 * The flattenings that can separate `rank` components of a tensor of multilinear rank `shape`, judged by the sizes of
 * their matrices, cheapest first.
 */
export function flatteningsFor(shape: readonly number[], rank: number, work: number): KoszulFlattening[] {
  const found: { flattening: KoszulFlattening; cost: number }[] = [];
  for (let mode = 0; mode < 3; mode++)
    for (let directions = 1; directions <= Math.min(shape[mode], mostDirections); directions++)
      for (let power = 0; power < directions; power++)
        for (const end of ["range", "domain"] as const) {
          const flattening = { mode, directions, power, end },
            { paired, each, rows, columns, unknowns, equations, cost } = sizesOf(flattening, shape, rank);
          if (
            rank * each <= Math.min(rows, columns) &&
            equations >= unknowns - rank &&
            (rank * (rank - 1)) / 2 <= minorsOf(directions, shape[paired]) &&
            cost <= work
          )
            found.push({ flattening, cost });
        }
  return found.sort((a, b) => a.cost - b.cost).map(({ flattening }) => flattening);
}
