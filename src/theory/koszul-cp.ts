import { checkWhole, fail, type FieldsOf, provenance, type Provenance, readOptions, failingAs } from "../base";
import { cpAls, type CpResult, sthosvd } from "../decompose";
import { firstColumns, svd } from "../linalg";
import {
  checkFinite,
  checkTensor,
  matmul,
  modeProduct,
  norm,
  type Tensor,
  type Tensor3,
  transpose,
  unfold,
} from "../tensor";
import { koszulComponents } from "./koszul-components";
import { flatteningsFor } from "./koszul-flattening";
import { koszulNeeds } from "./koszul-needs";
import { koszulTable, type KoszulUniqueness, type KoszulOptions, uniquenessOf } from "./koszul-unique";

/** A CP decomposition found by linear algebra, and whether it is unique. Plain data. */
export interface KoszulCp {
  /**
   * "unique" where `cp` reaches x within `error`, is certified as the only decomposition of its sum, and a flattening
   * of x shows that no tensor as near to x has fewer components
   */
  readonly status: "unique" | "unknown";
  /** the decomposition; null where no flattening fits the sizes, or none gave finite components */
  readonly cp: CpResult | null;
  /** the certificate of the components of `cp`, for the tensor that they sum to; null where there are none */
  readonly uniqueness: KoszulUniqueness | null;
  readonly because: string;
  readonly provenance: Provenance;
}

export interface KoszulCpOptions extends KoszulOptions {
  /** largest relative error for the components to count as a decomposition of x; default 1e-8 */
  readonly error?: number;
  /** most sweeps of the {@link cpAls} that polishes the components; default 200 */
  readonly sweeps?: number;
}

const koszulCpTable = () =>
  ({
    ...koszulTable,
    error: { is: "number", least: 0, below: 1, fallback: 1e-8 },
    sweeps: { is: "whole number", least: 1, fallback: 200 },
  }) as const satisfies FieldsOf<KoszulCpOptions>;

/**
 * A CP decomposition of a three-way tensor *and* a certificate that it is unique, up to ranks at which alternating
 * least squares from random starts often ends in a poor minimum and Kruskal's condition does not hold: up to nearly n2
 * + n3 for generic components and n1 large enough. There is no random start: components come from the null space of a
 * Koszul–Young flattening, and are polished by {@link cpAls}. {@link koszulUnique} then certifies them.
 *
 * Without a certificate, `status` is "unknown", `because` says why, and `cp` still holds the components that were
 * found.
 *
 * @param x - (n1 × n2 × n3), finite
 * @param rank - number of components
 * @throws {@link LtrnnError} when x has other than three modes or is not finite
 * @remarks As {@link koszulUnique}, and a truncated HOSVD of x to at most `rank` in every mode. With noise, the
 * components have an error of its size over the margins: set `error` to the level of the noise. Uniqueness is then
 * certified for the sum of the components; that fewer components do not suffice, for x too.
 * @see Kothari, Moitra & Wein (2024), arXiv 2411.14344; docs/theory.md D5
 * @example koszulCp(tensor([2, 2, 2], [1, 0, 0, 0, 0, 0, 0, 1]), 2).status // "unique"
 */
export function koszulCp(x: Tensor3, rank: number, options: KoszulCpOptions = {}): KoszulCp {
  const where = "koszulCp",
    settings = readOptions<KoszulCpOptions, ReturnType<typeof koszulCpTable>>(where, options, koszulCpTable()),
    { error, sweeps, seed, attempts, work, tolerance } = settings;
  checkTensor(where, "x", x, 3);
  checkWhole(where, "rank", rank, 1);
  checkFinite(where, "x", x);
  if (x.data.length === 0)
    fail(where, { expected: "a tensor with entries", got: x.shape.join(" × "), fix: "Leave empty modes out." });
  const made = provenance(where, seed, { tolerance, attempts, work, error, sweeps }),
    { core, bases } = failingAs(where, () => smallCore(x, rank)),
    flattenings = flatteningsFor(core.shape, rank, work).slice(0, attempts);
  let best: CpResult | undefined;
  for (const flattening of flattenings) {
    const inside = failingAs(where, () => koszulComponents(flattening, core, rank, seed));
    if (!inside) continue;
    const start = inside.map((f, n) => matmul(bases[n], f)),
      cp = failingAs(where, () => cpAls(x, rank, { start, sweeps, tolerance: 1e-12 }));
    if (Number.isFinite(cp.relativeError) && !(best && cp.relativeError >= best.relativeError)) best = cp;
    if (best && best.relativeError <= error) break;
  }
  if (!best) {
    const sizes = core.shape.join(" × "),
      because = `no flattening of ${sizes} gives ${rank} components within ${work} multiplications`;
    return { status: "unknown", cp: null, uniqueness: null, because, provenance: made };
  }
  const uniqueness = uniquenessOf(where, best, settings),
    within = { rank, distance: best.relativeError * norm(x), seed };
  const doubt =
    best.relativeError > error
      ? `the components leave a relative error of ${best.relativeError.toPrecision(3)}, above ${error}`
      : uniqueness.status === "unknown" || flattenings.some((flattening) => koszulNeeds(flattening, core, within))
        ? undefined
        : "a tensor of fewer components may be as near to x: " +
          `no flattening separates ${rank} of them from the residual of x`;
  return {
    status: doubt === undefined ? uniqueness.status : "unknown",
    cp: best,
    uniqueness,
    because: doubt ?? uniqueness.because,
    provenance: made,
  };
}

/** x compressed to the directions that `rank` components can fill: a core and orthonormal bases. */
function smallCore(x: Tensor3, rank: number): { core: Tensor; bases: ReturnType<typeof sthosvd>["factors"] } {
  const { core: first, factors } = sthosvd(
    x,
    x.shape.map((size) => Math.min(size, rank)),
  );
  let core: Tensor = first;
  const bases = factors.map((basis, mode) => {
    const { u, singularValues } = svd(unfold(first, mode)),
      kept = firstColumns(u, Math.max(1, singularValues.filter((s) => s > emptyDirection * singularValues[0]).length));
    core = modeProduct(core, transpose(kept), mode);
    return matmul(basis, kept);
  });
  return { core, bases };
}

/** Directions of the core whose singular value is below this times the largest are rounding. */
const emptyDirection = 1e-11;
