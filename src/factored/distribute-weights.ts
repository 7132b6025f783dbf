import { checkWhole, pow, readOptions, type FieldsOf } from "../base";
import type { Matrix } from "../tensor";
import { checkCp, type Cp } from "./cp";
import { checkRange, columnExponents, exponentOf, dividedColumns, timesPowerOfTwo } from "./units";

export interface DistributeWeightsOptions {
  /**
   * where the size of a component goes: into "weights", "evenly" into the columns of all modes, or into the factor of
   * one mode, by its number. Default "weights"
   */
  readonly to?: "weights" | "evenly" | number;
  /**
   * what is 1 of a column that carries no size: its Euclidean length ("l2"), the sum of its absolute entries ("l1"), or
   * the largest of them ("max"). Default "l2"
   */
  readonly norm?: "l2" | "l1" | "max";
}

const fields = {
  to: { is: "checked", check: () => {}, fallback: "weights" },
  norm: { is: "name", of: ["l2", "l1", "max"], fallback: "l2" },
} as const satisfies FieldsOf<DistributeWeightsOptions>;

/**
 * The same tensor with the sizes of its components in one place, all columns else of norm 1. Components keep their
 * order, and columns their signs; {@link canonical} sorts and turns them too.
 *
 * A negative weight stays one where sizes go into weights; else the columns that take the size, the first of them where
 * all do, turn around. A component of zeros has the weight 0, or zeros in the columns that take its size.
 *
 * @throws {@link LtrnnError} when weights and factors disagree, `to` is no mode, or a number would leave the range of
 * doubles
 * @remarks O(sum of sizes · rank).
 * @example distributeWeights({ weights: tensor([1], [2]), factors: [tensor([2, 1], [3, 4]), tensor([1, 1], [-1])] },
 * { to: 1 }).factors[1].data // Float64Array [-10]
 */
export function distributeWeights(cp: Cp, options: DistributeWeightsOptions = {}): Cp {
  const where = "distributeWeights",
    { to, norm } = readOptions<DistributeWeightsOptions, typeof fields>(where, options, fields);
  checkCp(where, cp);
  const { weights, factors } = cp,
    rank = weights.shape[0],
    modes = factors.length;
  if (to !== "weights" && to !== "evenly") checkWhole(where, 'to, if not "weights" or "evenly",', to, 0, modes - 1);
  const units = factors.map(columnExponents),
    inside = factors.map((f, mode) => dividedColumns(f, units[mode])),
    lengths = inside.map((f) => columnNorms(f, norm));
  // the size of a component: a magnitude, and the power of two that it is times
  const exponents = units[0].map((_, r) => units.reduce((sum, list) => sum + list[r], exponentOf(weights.data[r]))),
    magnitudes = weights.data.map((w, r) =>
      lengths.reduce((product, list) => product * list[r], timesPowerOfTwo(w, -exponentOf(w))),
    ),
    shares = magnitudes.map((size, r) => {
      if (to !== "evenly") return timesPowerOfTwo(size, exponents[r]);
      const whole = Math.floor(exponents[r] / modes);
      return timesPowerOfTwo(pow(Math.abs(timesPowerOfTwo(size, exponents[r] - whole * modes)), 1 / modes), whole);
    });
  checkRange(where, "sizes", shares);
  const carries = (mode: number) => to === "evenly" || to === mode;
  return {
    weights: { shape: [rank], data: to === "weights" ? shares : new Float64Array(rank).fill(1) },
    factors: inside.map((f, mode): Matrix => {
      const turned = to === "evenly" && mode === 0,
        by = shares.map(
          (share, r) =>
            ((carries(mode) ? share : 1) * (turned && magnitudes[r] < 0 ? -1 : 1)) / (lengths[mode][r] || 1),
        ),
        data = f.data.map((value, i) => (value === 0 ? 0 : value * by[i % rank]));
      checkRange(where, "factors", data);
      return { shape: f.shape, data };
    }),
  };
}

function columnNorms({ shape: [, rank], data }: Matrix, norm: "l2" | "l1" | "max"): Float64Array {
  const out = new Float64Array(rank);
  data.forEach((value, i) => {
    const r = i % rank;
    if (norm === "max") out[r] = Math.max(out[r], Math.abs(value));
    else out[r] += norm === "l1" ? Math.abs(value) : value * value;
  });
  return norm === "l2" ? out.map(Math.sqrt) : out;
}
