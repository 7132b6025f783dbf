import { fail, readOptions, type FieldsOf } from "../base";
import { bestAssignment } from "./assignment";
import { unitForm } from "./canonical";
import { checkModes } from "./check-modes";
import { columnCosine } from "./column-cosine";
import { checkCp, type Cp } from "./cp";
import { columnsInRange } from "./units";

/** Which components of two decompositions belong together, and how well they match. Plain data. */
export interface FactorMatch {
  /**
   * mean over components of the product over the modes of congruences, absolute ones unless signs count; 1 is a perfect
   * match
   */
  readonly score: number;
  /** component `b[assignment[r]]` belongs to component r of a; null where b has fewer, and r has no partner */
  readonly assignment: readonly (number | null)[];
  /** of each component of a with its partner: the product of congruences; 0 where it has none */
  readonly congruences: readonly number[];
  /** components of b without a partner, where b has more */
  readonly unmatched: readonly number[];
}

export interface MatchOptions {
  /** modes that count; default all */
  readonly modes?: readonly number[];
  /**
   * whether components must be of one size too: each congruence times `1 - |p - q| / max(p, q)`, p and q the norms of
   * the two components. Default false
   */
  readonly weights?: boolean;
  /**
   * whether signs count: a component against its negative then has the congruence -1, and the best assignment is by
   * signed ones. Default false
   */
  readonly signed?: boolean;
  /**
   * components without a partner, where ranks differ: "count" as congruences of 0, so that the score is a mean over the
   * larger rank, or "skip" for a mean over the pairs. Default "count"
   */
  readonly unmatched?: "count" | "skip";
}

const matchFields = {
  modes: { is: "list", of: { is: "whole number", least: 0 } },
  weights: { is: "boolean", fallback: false },
  signed: { is: "boolean", fallback: false },
  unmatched: { is: "name", of: ["count", "skip"], fallback: "count" },
} as const satisfies FieldsOf<MatchOptions>;

/**
 * The factor match score of two CP decompositions, in [0, 1]: mean over components of the product over the modes of
 * absolute congruences, under the best assignment of components to each other, found exactly. Sign, scale and order do
 * not count, nor do weights, unless options say so. Ranks may differ: components without a partner count as 0.
 *
 * @param options.weights - with true, each congruence is lowered by how much the norms of the two components differ
 * @param options.signed - with true, the score is in [-1, 1], and a component against its negative has -1
 * @throws {@link LtrnnError} when sizes differ
 * @remarks O(rank³) after O(rank² · sizes). A component of zeros matches nothing. The score of components drawn at
 * random is not 0: about `√(2 / (π size))` a mode, and larger for the best of several.
 * @see Acar, Dunlavy, Kolda & Mørup (2011), Scalable tensor factorizations for incomplete data, Chemometr. Intell. Lab.
 * 106, section 4; Roald (2023), TLViz, J. Open Source Softw. 8, for the penalty on weights
 * @example factorMatchScore({ weights: tensor([1], [1]), factors: [tensor([2, 1], [1, 2])] }, { weights: tensor([1],
 * [1]), factors: [tensor([2, 1], [-2, -4])] }) // 1, up to rounding
 */
export const factorMatchScore = (a: Cp, b: Cp, options: MatchOptions = {}): number =>
  matched("factorMatchScore", a, b, options).score;

/**
 * Which components of two CP decompositions belong together, by the assignment that {@link factorMatchScore} scores.
 *
 * @throws {@link LtrnnError} as factorMatchScore
 * @see Kuhn (1955), The Hungarian method for the assignment problem, Nav. Res. Logist. Q. 2
 * @example matchComponents({ weights: tensor([2], [1, 1]), factors: [tensor([2, 2], [1, 0, 0, 1])] },
 * { weights: tensor([2], [1, 1]), factors: [tensor([2, 2], [0, 1, 1, 0])] }).assignment // [1, 0]
 */
export const matchComponents = (a: Cp, b: Cp, options: MatchOptions = {}): FactorMatch =>
  matched("matchComponents", a, b, options);

/** {@link matchComponents}, in the name of `where`. */
export function matched(where: string, a: Cp, b: Cp, options: MatchOptions): FactorMatch {
  checkCp(where, a, "a");
  checkCp(where, b, "b");
  const {
    modes = a.factors.map((_, mode) => mode),
    weights,
    signed,
    unmatched: without,
  } = readOptions<MatchOptions, typeof matchFields>(where, options, matchFields);
  const [p, q] = [a, b].map((cp) => cp.weights.shape[0]),
    larger = Math.max(p, q);
  if (modes.length === 0)
    fail(where, {
      expected: "at least one mode",
      got: "none",
      fix: "Leave the option out to compare all.",
    });
  checkModes(where, "modes", modes, a.factors.length);
  for (const mode of modes)
    if (a.factors[mode].shape[0] !== b.factors[mode]?.shape[0])
      fail(where, {
        expected: `factors of ${a.factors[mode].shape[0]} rows in mode ${mode}, in a and in b`,
        got: b.factors[mode] ? String(b.factors[mode].shape[0]) : "no such mode in b",
        fix: "Compare decompositions in modes of one size.",
      });
  const pairs = modes.map((mode) => [columnsInRange(a.factors[mode]), columnsInRange(b.factors[mode])] as const);
  const own = signed ? (cosine: number) => cosine : Math.abs,
    signsOf = ({ weights: w }: Cp) => (signed ? (r: number) => (w.data[r] < 0 ? -1 : 1) : () => 1),
    sign = signsOf(a),
    signOfB = signsOf(b),
    sizes = weights ? likeSizes(where, a, b) : () => 1;
  // a square table: components that only one of the two has are paired with nothing
  const match = Array.from({ length: larger }, (_, r) =>
    Array.from({ length: larger }, (_, s) =>
      r >= p || s >= q
        ? 0
        : sizes(r, s) *
          pairs.reduce((product, [f, g]) => product * own(columnCosine(f, r, g, s)), sign(r) * signOfB(s)),
    ),
  );
  const partners = bestAssignment(match),
    congruences = partners.slice(0, p).map((s, r) => match[r][s]);
  return {
    score: congruences.reduce((sum, value) => sum + value, 0) / (without === "skip" ? Math.min(p, q) : larger),
    assignment: partners.slice(0, p).map((s) => (s < q ? s : null)),
    congruences,
    unmatched: partners.slice(p).sort((r, s) => r - s),
  };
}

/** How alike the norms of component r of a and s of b are: 1 where they are the same, 0 where one is zero. */
function likeSizes(where: string, a: Cp, b: Cp): (r: number, s: number) => number {
  const [p, q] = [a, b].map((cp) => unitForm(where, cp).weights.data);
  return (r, s) => (p[r] === q[s] ? 1 : Math.min(p[r], q[s]) / Math.max(p[r], q[s]));
}
