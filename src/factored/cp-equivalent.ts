import { readOptions, type FieldsOf } from "../base";
import type { Matrix } from "../tensor";
import { bestAssignment } from "./assignment";
import { unitForm } from "./canonical";
import { checkCp, type Cp } from "./cp";

export interface EquivalenceOptions {
  /**
   * by how much weights may differ, relative to the larger of two, and unit columns, entry by entry. Default 1e-8
   */
  readonly tolerance?: number;
}

const fields = {
  tolerance: { is: "number", least: 0, fallback: 1e-8 },
} as const satisfies FieldsOf<EquivalenceOptions>;

/**
 * Whether two CP decompositions have the same components, up to their order and to scales and signs that cancel within
 * a component. They are then of the same tensor; the converse need not hold, since other components may make it too.
 *
 * Ranks that differ are no error: the answer is false. Components of zeros are all alike.
 *
 * @throws {@link LtrnnError} when weights and factors disagree, or a weight would leave the range of doubles
 * @remarks O(rank² · sizes + rank³).
 * @example cpEquivalent({ weights: tensor([1], [6]), factors: [tensor([1, 1], [1]), tensor([1, 1], [1])] },
 * { weights: tensor([1], [1]), factors: [tensor([1, 1], [-2]), tensor([1, 1], [-3])] }) // true
 */
export function cpEquivalent(a: Cp, b: Cp, options: EquivalenceOptions = {}): boolean {
  const where = "cpEquivalent";
  checkCp(where, a, "a");
  checkCp(where, b, "b");
  const { tolerance } = readOptions<EquivalenceOptions, typeof fields>(where, options, fields),
    shapes = [a, b].map(({ factors }) => factors.map(({ shape }) => shape.join()).join(" "));
  if (shapes[0] !== shapes[1]) return false;
  const [p, q] = [a, b].map((cp) => unitForm(where, cp)),
    rank = a.weights.shape[0];
  const alike = Array.from({ length: rank }, (_, r) =>
    Array.from({ length: rank }, (_, s) => (sameComponent(p, r, q, s, tolerance) ? 1 : 0)),
  );
  return bestAssignment(alike).every((s, r) => alike[r][s] === 1);
}

/** Whether component r of a is component s of b; both have unit columns and positive weights. */
function sameComponent(a: Cp, r: number, b: Cp, s: number, tolerance: number): boolean {
  const [w, v] = [a.weights.data[r], b.weights.data[s]];
  if (Math.abs(w - v) > tolerance * Math.max(w, v)) return false;
  if (w === 0) return true;
  let sign = 1;
  const same = a.factors.every((f, mode) => {
    const turned = signBetween(f, r, b.factors[mode], s);
    sign *= turned;
    return largestDifference(f, r, b.factors[mode], s, turned) <= tolerance;
  });
  return same && sign > 0;
}

function signBetween(f: Matrix, r: number, g: Matrix, s: number): 1 | -1 {
  const rank = f.shape[1];
  let inner = 0;
  for (let row = 0; row < f.data.length; row += rank) inner += f.data[row + r] * g.data[row + s];
  return inner < 0 ? -1 : 1;
}

function largestDifference(f: Matrix, r: number, g: Matrix, s: number, sign: 1 | -1): number {
  const rank = f.shape[1];
  let largest = 0;
  for (let row = 0; row < f.data.length; row += rank)
    largest = Math.max(largest, Math.abs(f.data[row + r] - sign * g.data[row + s]));
  return largest;
}
