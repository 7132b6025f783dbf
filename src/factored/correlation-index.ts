import { fail, readOptions, type FieldsOf } from "../base";
import { largestOf, type Matrix } from "../tensor";
import { columnCosine } from "./column-cosine";
import { checkCp, type Cp } from "./cp";
import { columnsInRange, rescaled, exponentOf } from "./units";

export interface CorrelationIndexOptions {
  /**
   * "stacked": the factors of all modes below one another, in one index; or the index of every mode, of which the
   * "mean", "least" or "most" is given. Default "stacked"
   */
  readonly by?: "stacked" | "mean" | "least" | "most";
}

const fields = {
  by: { is: "name", of: ["stacked", "mean", "least", "most"], fallback: "stacked" },
} as const satisfies FieldsOf<CorrelationIndexOptions>;

/**
 * CorrIndex: how far the columns of two CP decompositions are from being the same, in [0, 1], 0 where they are,
 * whatever their order, scale and sign. Each column is compared with the one that is most like it, in both directions,
 * so no assignment is looked for and ranks may differ.
 *
 * @param options.by - "stacked" factors depend on how scale is spread over modes: bring both to canonical form first
 * @throws {@link LtrnnError} when modes or sizes differ, or a column is zero
 * @remarks O(rank² · sizes). Weights do not count.
 * @see Sobhani, Comon, Jutten & Babaie-Zadeh (2022), CorrIndex: a permutation invariant performance index, Signal
 * Processing 195
 * @example correlationIndex({ weights: tensor([1], [1]), factors: [tensor([2, 1], [1, 2])] }, { weights: tensor([1],
 * [3]), factors: [tensor([2, 1], [-2, -4])] }) // 0, up to rounding
 */
export function correlationIndex(a: Cp, b: Cp, options: CorrelationIndexOptions = {}): number {
  const where = "correlationIndex";
  checkCp(where, a, "a");
  checkCp(where, b, "b");
  const { by } = readOptions<CorrelationIndexOptions, typeof fields>(where, options, fields),
    [rows, others] = [a, b].map(({ factors }) => factors.map(({ shape }) => shape[0]).join(" × "));
  if (rows !== others)
    fail(where, { expected: `b of sizes ${rows}, as a`, got: others, fix: "Compare decompositions of one tensor." });
  const [left, right] = [a, b].map(({ factors }) => (by === "stacked" ? [stacked(factors)] : factors)),
    indices = left.map((f, mode) => indexOfPair(where, columnsInRange(f), columnsInRange(right[mode])));
  if (by === "least") return Math.min(...indices);
  if (by === "most") return Math.max(...indices);
  return indices.reduce((sum, index) => sum + index, 0) / indices.length;
}

function indexOfPair(where: string, f: Matrix, g: Matrix): number {
  for (const [name, m] of [
    ["a", f],
    ["b", g],
  ] as const)
    for (let r = 0; r < m.shape[1]; r++)
      if (m.data.every((value, i) => i % m.shape[1] !== r || value === 0))
        fail(where, {
          expected: "columns that are not zero",
          got: `column ${r} of ${name} of zeros`,
          fix: "Take that component out.",
        });
  const [p, q] = [f.shape[1], g.shape[1]],
    bestOfF = new Float64Array(p),
    bestOfG = new Float64Array(q);
  for (let r = 0; r < p; r++)
    for (let s = 0; s < q; s++) {
      const cosine = Math.abs(columnCosine(f, r, g, s));
      bestOfF[r] = Math.max(bestOfF[r], cosine);
      bestOfG[s] = Math.max(bestOfG[s], cosine);
    }
  const missing = (best: Float64Array) => best.reduce((sum, cosine) => sum + (1 - cosine), 0);
  return (missing(bestOfF) + missing(bestOfG)) / (p + q);
}

/** All factors below one another, in a common unit where they are extremely large or small. */
function stacked(factors: readonly Matrix[]): Matrix {
  const rank = factors[0].shape[1],
    rows = factors.reduce((sum, { shape }) => sum + shape[0], 0),
    data = new Float64Array(rows * rank);
  let to = 0;
  for (const f of factors) {
    data.set(f.data, to);
    to += f.data.length;
  }
  const whole: Matrix = { shape: [rows, rank], data };
  return rescaled(whole, -exponentOf(largestOf(data)));
}
