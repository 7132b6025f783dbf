import { fail, readOptions, type FieldsOf } from "../base";
import type { Matrix } from "../tensor";
import { bestAssignment } from "./assignment";
import { unitForm } from "./canonical";
import { checkModes } from "./check-modes";
import { checkCp, type Cp } from "./cp";
import { columnsInRange } from "./units";

/** Which components of two decompositions belong together, and how well they match. Plain data. */
export interface FactorMatch {
  /**
   * mean over components of the product over the modes of congruences, absolute ones unless signs count; 1 is a perfect
   * match
   */
  readonly score: number;
  /** component `b[assignment[r]]` belongs to component r of a */
  readonly assignment: readonly number[];
  /** of each component of a with its partner: the product of absolute congruences */
  readonly congruences: readonly number[];
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
}

const matchFields = {
  modes: { is: "list", of: { is: "whole number", least: 0 } },
  weights: { is: "boolean", fallback: false },
  signed: { is: "boolean", fallback: false },
} as const satisfies FieldsOf<MatchOptions>;

/**
 * The factor match score of two CP decompositions of one rank, in [0, 1]: mean over components of the product over the
 * modes of absolute congruences, under the best assignment of components to each other, found exactly. Sign, scale and
 * order do not count, nor do weights, unless options say so.
 *
 * @throws {@link LtrnnError} when ranks or sizes differ
 * @remarks O(rank³) after O(rank² · sizes). A component of zeros matches nothing.
 * @see Acar, Dunlavy, Kolda & Mørup (2011), Scalable tensor factorizations for incomplete data, Chemometr. Intell. Lab.
 * 106, section 4
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

function matched(where: string, a: Cp, b: Cp, options: MatchOptions): FactorMatch {
  checkCp(where, a, "a");
  checkCp(where, b, "b");
  const {
    modes = a.factors.map((_, mode) => mode),
    weights,
    signed,
  } = readOptions<MatchOptions, typeof matchFields>(where, options, matchFields);
  const rank = a.weights.shape[0];
  if (modes.length === 0)
    fail(where, {
      expected: "at least one mode",
      got: "none",
      fix: "Leave the option out to compare all.",
    });
  checkModes(where, "modes", modes, a.factors.length);
  for (const mode of modes)
    if (a.factors[mode].shape.join() !== b.factors[mode]?.shape.join())
      fail(where, {
        expected: `factors of one shape in mode ${mode}, (${a.factors[mode].shape.join(" × ")})`,
        got: b.factors[mode] ? `(${b.factors[mode].shape.join(" × ")})` : "no such mode in b",
        fix: "Compare decompositions of one rank, in modes they share.",
      });
  const pairs = modes.map((mode) => [columnsInRange(a.factors[mode]), columnsInRange(b.factors[mode])] as const);
  const own = signed ? (cosine: number) => cosine : Math.abs,
    signsOf = ({ weights: w }: Cp) => (signed ? (r: number) => (w.data[r] < 0 ? -1 : 1) : () => 1),
    sign = signsOf(a),
    signOfB = signsOf(b),
    sizes = weights ? likeSizes(where, a, b) : () => 1;
  const match = Array.from({ length: rank }, (_, r) =>
    Array.from(
      { length: rank },
      (_, s) =>
        sizes(r, s) * pairs.reduce((product, [f, g]) => product * own(congruence(f, r, g, s)), sign(r) * signOfB(s)),
    ),
  );
  const assignment = bestAssignment(match);
  const congruences = assignment.map((s, r) => match[r][s]);
  return { score: congruences.reduce((sum, value) => sum + value, 0) / rank, assignment, congruences };
}

/** How alike the norms of component r of a and s of b are: 1 where they are the same, 0 where one is zero. */
function likeSizes(where: string, a: Cp, b: Cp): (r: number, s: number) => number {
  const [p, q] = [a, b].map((cp) => unitForm(where, cp).weights.data);
  return (r, s) => (p[r] === q[s] ? 1 : Math.min(p[r], q[s]) / Math.max(p[r], q[s]));
}

/** Tucker's congruence: the cosine of the angle between column r of f and column s of g. */
function congruence(f: Matrix, r: number, g: Matrix, s: number): number {
  const rank = f.shape[1];
  let inner = 0,
    ff = 0,
    gg = 0;
  for (let row = 0; row < f.data.length; row += rank) {
    inner += f.data[row + r] * g.data[row + s];
    ff += f.data[row + r] * f.data[row + r];
    gg += g.data[row + s] * g.data[row + s];
  }
  return inner === 0 ? 0 : inner / Math.sqrt(ff) / Math.sqrt(gg);
}
