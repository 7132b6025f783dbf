import { fail, type FieldsOf, provenance, type Provenance, readOptions, failingAs } from "../base";
import { checkCp, type Cp } from "../factored";
import type { Matrix } from "../tensor";
import { type KoszulConditions, koszulConditions, type KoszulMargins } from "./koszul-conditions";
import { projected, spreadOut } from "./koszul-coordinates";
import { flatteningsFor, type KoszulFlattening } from "./koszul-flattening";

/** Whether Koszul–Young flattenings show that a CP decomposition is the only one of its rank. Plain data. */
export interface KoszulUniqueness {
  /**
   * "unique": no other decomposition of the sum of these components has as many or fewer, up to scale and order.
   * "unknown": no flattening shows it; the decomposition may still be unique
   */
  readonly status: "unique" | "unknown";
  /** number of components */
  readonly rank: number;
  /** flattenings that were tried, cheapest first, the one that shows uniqueness last; at most `attempts` of them */
  readonly tried: readonly KoszulAttempt[];
  /** flattenings that sizes do not rule out */
  readonly candidates: number;
  readonly because: string;
  readonly provenance: Provenance;
}

/** The evidence from one flattening. */
export interface KoszulAttempt extends KoszulFlattening, KoszulConditions {
  readonly margins: KoszulMargins;
}

export interface KoszulOptions {
  /** a singular value counts as nonzero above this times the largest, and above ten times rounding; default 1e-6 */
  readonly tolerance?: number;
  /** most flattenings to try; default 4 */
  readonly attempts?: number;
  /** most multiplications that the matrices of one flattening may cost, about; default 1e10 */
  readonly work?: number;
  /** of the rotation before a mode is projected on fewer directions; default 0 */
  readonly seed?: number;
}

/** Every option of koszulUnique: its values and its default. */
export const koszulTable = {
  tolerance: { is: "number", least: 1e-8, below: 1, fallback: 1e-6 },
  attempts: { is: "whole number", least: 1, most: 1000, fallback: 4 },
  work: { is: "number", above: 0, fallback: 1e10 },
  seed: { is: "seed", fallback: 0 },
} as const satisfies FieldsOf<KoszulOptions>;

/**
 * A certificate that a CP decomposition of three modes is unique, also where Kruskal's condition fails: for generic
 * components up to a rank of nearly n2 + n3. Kruskal's condition ends at (n1 + n2 + n3) / 2 - 1 where every mode is
 * shorter than the rank.
 *
 * It states: the tensor that these components sum to has CP rank R, and no other decomposition into R components. The
 * proof rests on the ranks of four matrices, each of which has to be as large as it can be (docs/theory.md D5);
 * `margins` are the singular values that show it. A full rank stays full under small perturbations, so the certificate
 * is exact if rounding is below `tolerance`. It is about the sum of the components, not about data that they only
 * approximate.
 *
 * @param cp - of three modes
 * @throws {@link LtrnnError} when there are other than three factors, or entries are not finite
 * @remarks Singular values of matrices of about binomial(N, p) · size, N and p being the directions and the power of
 * the flattening: cheap for N = 3 to 5, which is where ranks of 1.2 to 1.6 times the size are reached.
 * @see Kothari, Moitra & Wein (2024), Overcomplete tensor decomposition via Koszul–Young flattenings, arXiv 2411.14344;
 * De Lathauwer, Castaing & Cardoso (2007), IEEE Trans. Signal Process. 55: the minors
 * @example koszulUnique(cpAls(tensor([2, 2, 2], [1, 0, 0, 0, 0, 0, 0, 1]), 2)).status // "unique"
 */
export function koszulUnique(cp: Cp, options: KoszulOptions = {}): KoszulUniqueness {
  const where = "koszulUnique",
    settings = readOptions<KoszulOptions, typeof koszulTable>(where, options, koszulTable);
  checkCp(where, cp);
  if (cp.factors.length !== 3)
    fail(where, {
      expected: "factors of three modes",
      got: `${cp.factors.length}`,
      fix: "Join modes of a longer tensor by khatriRao of their factors: what is unique so is unique unjoined.",
    });
  return failingAs(where, () => uniquenessOf(where, cp, settings));
}

/** {@link koszulUnique} of factors known to fit, in the name of `where`. */
export function uniquenessOf(
  where: string,
  { weights, factors }: Cp,
  { tolerance, attempts, work, seed }: Required<KoszulOptions>,
): KoszulUniqueness {
  const rank = factors[0].shape[1],
    made = provenance(where, seed, { tolerance, attempts, work }),
    zero = zeroComponent(factors, weights.data);
  const unknown = (because: string, candidates = 0, tried: readonly KoszulAttempt[] = []): KoszulUniqueness => ({
    status: "unknown",
    rank,
    tried,
    candidates,
    because,
    provenance: made,
  });
  if (zero >= 0) return unknown(`component ${zero} is zero, so fewer components suffice`);
  const spread = spreadOut(factors, tolerance),
    shape = spread.factors.map((f) => f.shape[0]),
    candidates = flatteningsFor(shape, rank, work),
    tried: KoszulAttempt[] = [];
  for (const flattening of candidates.slice(0, attempts)) {
    const inside = spread.factors.map((f, mode) =>
      projected(f, mode === flattening.mode ? flattening.directions : shape[mode], seed),
    );
    const { rounding } = spread,
      attempt = { ...flattening, ...koszulConditions(flattening, { factors: inside, rounding }, tolerance, seed) };
    tried.push(attempt);
    if (attempt.failed === undefined)
      return {
        status: "unique",
        rank,
        tried,
        candidates: candidates.length,
        because:
          `${named(flattening)} has rank ${rank} times that of one component, and of the pairs of vectors ` +
          `in its ${flattening.end} only those of the components are of rank one`,
        provenance: made,
      };
  }
  if (tried.length === 0)
    return unknown(
      `no flattening of ${shape.join(" × ")} within ${work} multiplications can tell ${rank} components apart`,
    );
  const { failed, ...nearest } = tried[tried.length - 1];
  return unknown(
    `${tried.length} of ${candidates.length} flattenings were tried; in the last, ${named(nearest)}, ` +
      reasons[failed ?? "range"],
    candidates.length,
    tried,
  );
}

const reasons: Readonly<Record<keyof KoszulMargins, string>> = {
  range: "the components overlap in its range",
  domain: "the components overlap in its domain",
  pairs: "more pairs of vectors lie in its span than there are components",
  minors: "mixtures of the components' pairs of vectors may be of rank one",
};

const named = ({ mode, directions, power }: KoszulFlattening) =>
  `the flattening of power ${power} by ${directions} directions of mode ${mode}`;

/** The first component that is zero; -1 where none is. */
function zeroComponent(factors: readonly Matrix[], weights: Float64Array): number {
  const rank = factors[0].shape[1];
  for (let r = 0; r < rank; r++) {
    if (weights[r] === 0) return r;
    for (const { data } of factors) {
      let isZero = true;
      for (let i = r; i < data.length; i += rank) if (data[i] !== 0) isZero = false;
      if (isZero) return r;
    }
  }
  return -1;
}
