import { checkWhole, fail, show } from "../base";
import {
  checkFactors,
  checkFinite,
  checkTensor,
  gram,
  hadamard,
  khatriRao,
  sizeOf,
  zeros,
  type Matrix,
  type Tensor,
  type Vector,
} from "../tensor";
import { checkRange, columnExponents, columnUnits, exponentOf, rescaledColumns, timesPowerOfTwo } from "./units";

/** A CP decomposition: `x ≈ sum_r weights_r a_r ∘ b_r ∘ ...`, the factors' columns being a_r, b_r, .... */
export interface Cp {
  /** (rank) */
  readonly weights: Vector;
  /** one per mode, (size × rank) */
  readonly factors: readonly Matrix[];
}

/** Refuse what is no CP decomposition: weights and factors that are not finite or not of one rank. `name` is what the argument is called. */
export function checkCp(where: string, cp: Cp, name = "cp"): void {
  const record: unknown = cp;
  if (typeof record !== "object" || record === null || !Array.isArray(cp.factors) || !cp.weights)
    fail(where, {
      expected: `${name} to be a CP decomposition { weights, factors }`,
      got: show(record),
      fix: `Pass what cpAls gave as ${name}, or { weights: tensor([rank], …), factors: [tensor([size, rank], …), …] }.`,
    });
  const { weights, factors } = cp;
  checkFactors(where, Array.from(factors));
  for (const [mode, f] of factors.entries()) checkFinite(where, `factor ${mode} of ${name}`, f);
  checkTensor(where, `the weights of ${name}`, weights, 1);
  checkFinite(where, `the weights of ${name}`, weights);
  const rank = factors[0].shape[1];
  if (rank === 0)
    fail(where, {
      expected: `${name} of at least one component`,
      got: "factors without columns",
      fix: "Pass factors (size × rank) with a rank of 1 or more.",
    });
  if (weights.shape[0] !== rank)
    fail(where, {
      expected: `${rank} weights, one per component`,
      got: String(weights.shape[0]),
      fix: "Use weights of 1 where the factors carry the scale.",
    });
}

/** Refuse a model whose sizes are not those of x. */
export function checkModelOf(where: string, x: Tensor, { factors }: Cp): void {
  checkTensor(where, "x", x);
  const got = factors.map((f) => f.shape[0]).join(", "),
    want = x.shape.join(", ");
  if (got !== want)
    fail(where, { expected: `factors with ${want} rows`, got, fix: "Pass the tensor that was decomposed." });
}

/**
 * The tensor that a CP decomposition stands for.
 *
 * @throws {@link LtrnnError} when weights and factors disagree
 * @remarks O(entries · rank).
 * @example cpToTensor({ weights: tensor([1], [2]), factors: [tensor([2, 1], [1, 2]), tensor([2, 1], [3, 4])] }).data // Float64Array [6, 8, 12, 16]
 */
export function cpToTensor(cp: Cp): Tensor {
  checkCp("cpToTensor", cp);
  const { weights, factors } = inUnits("cpToTensor", cp);
  const rank = weights.shape[0],
    shape = factors.map((f) => f.shape[0]);
  const [first] = factors,
    out = zeros(shape),
    right = sizeOf(shape.slice(1));
  const rest = factors.length === 1 ? undefined : khatriRao(factors.slice(1)).data;
  for (let i = 0, to = 0; i < shape[0]; i++)
    for (let q = 0; q < right; q++, to++) {
      let sum = 0;
      for (let r = 0; r < rank; r++)
        sum += weights.data[r] * first.data[i * rank + r] * (rest ? rest[q * rank + r] : 1);
      out.data[to] = sum;
    }
  checkRange("cpToTensor", "entries", out.data);
  return out;
}

/** The same decomposition with columns that can be multiplied: as it is, unless some are extremely large or small. */
function inUnits(where: string, { weights, factors }: Cp): Cp {
  const units = columnUnits(factors);
  if (units.every((columns) => columns.every((exponent) => exponent === 0))) return { weights, factors };
  const data = weights.data.map((weight, r) =>
    timesPowerOfTwo(
      weight,
      units.reduce((sum, columns) => sum + columns[r], 0),
    ),
  );
  checkRange(where, "weights", data);
  return {
    weights: { shape: weights.shape, data },
    factors: factors.map((f, mode) =>
      rescaledColumns(
        f,
        units[mode].map((exponent) => -exponent),
      ),
    ),
  };
}

/** The Gram matrices of all factors but one, multiplied entry by entry: the normal equations of a mode. */
export function gramOfOthers(grams: readonly Matrix[], mode: number): Matrix {
  const rank = grams[0].shape[0];
  const ones: Matrix = { shape: [rank, rank], data: new Float64Array(rank * rank).fill(1) };
  return grams.reduce((product, g, n) => (n === mode ? product : hadamard(product, g)), ones);
}

/** The factors with the weights taken into the last of them. */
export function weightsInLast(where: string, cp: Cp): Matrix[] {
  checkCp(where, cp);
  const { weights, factors } = cp,
    rank = weights.shape[0];
  return factors.map((f, mode) =>
    mode === factors.length - 1
      ? { shape: f.shape, data: f.data.map((value, at) => value * weights.data[at % rank]) }
      : f,
  );
}

/**
 * The same tensor with unit columns, components sorted by weight downwards, weights positive, and the largest entry of each column positive in every mode but the last.
 *
 * A component that is zero keeps zero columns and weight 0. Where modes are `fixed`, their factors stay as they are, and so does the order of components; all scale is in the weights.
 *
 * @throws {@link LtrnnError} when weights and factors disagree, a fixed mode is none, or a weight would leave the range of doubles
 * @example canonical({ weights: tensor([1], [1]), factors: [tensor([1, 1], [-2]), tensor([1, 1], [3])] }).weights.data // Float64Array [6]
 */
export function canonical(cp: Cp, fixed: readonly number[] = []): Cp {
  checkCp("canonical", cp);
  checkModes("canonical", "fixed", fixed, cp.factors.length);
  return canonicalForm("canonical", cp, fixed);
}

/** {@link canonical}, for a decomposition that is known to be one, in the name of `where`; component r stands for `2^exponents[r]` times what it says. */
export function canonicalForm(where: string, cp: Cp, fixed: readonly number[], exponents?: readonly number[]): Cp {
  const { weights, factors } = unitForm(where, cp, fixed, exponents);
  if (fixed.length > 0) return { weights, factors };
  const rank = weights.shape[0],
    order = Array.from({ length: rank }, (_, r) => r).sort((r, s) => weights.data[s] - weights.data[r]);
  return {
    weights: { shape: weights.shape, data: Float64Array.from(order, (r) => weights.data[r]) },
    factors: factors.map(({ shape, data }) => ({
      shape,
      data: data.map((_, i) => data[i - (i % rank) + order[i % rank]]),
    })),
  };
}

/** Unit columns and positive weights, as in the canonical form, but with the components in the order in which they are. */
export function unitForm(
  where: string,
  { weights, factors }: Cp,
  fixed: readonly number[] = [],
  exponents?: readonly number[],
): Cp {
  const rank = weights.shape[0],
    free = factors.map((_, mode) => mode).filter((mode) => !fixed.includes(mode)),
    lastMode = free[free.length - 1];
  const units = factors.map(columnExponents),
    scaled = factors.map((f, mode) =>
      rescaledColumns(
        f,
        units[mode].map((exponent) => -exponent),
      ).data.slice(),
    );
  const size = Float64Array.from(weights.data, (weight, r) => {
    if (free.length === 0) return timesPowerOfTwo(weight, exponents?.[r] ?? 0);
    let sign = Math.sign(weight) || 1,
      exponent = exponentOf(weight),
      magnitude = timesPowerOfTwo(Math.abs(weight), -exponent);
    exponent += exponents?.[r] ?? 0;
    for (const mode of free) {
      const { length, largest } = columnOf(scaled[mode], r, rank);
      magnitude *= length;
      exponent += units[mode][r];
      if (length === 0) continue;
      const flip = mode === lastMode ? sign : largest < 0 ? -1 : 1;
      if (mode !== lastMode && flip < 0) sign = -sign;
      for (let i = r; i < scaled[mode].length; i += rank) scaled[mode][i] *= flip / length;
    }
    return timesPowerOfTwo(magnitude, exponent);
  });
  checkRange(where, "weights", size);
  return {
    weights: { shape: [rank], data: size },
    factors: factors.map((f, mode) => (fixed.includes(mode) ? f : { shape: f.shape, data: scaled[mode] })),
  };
}

/** The length of a column, and its entry of largest magnitude. */
function columnOf(data: Float64Array, column: number, rank: number): { length: number; largest: number } {
  let largest = 0,
    squares = 0;
  for (let i = column; i < data.length; i += rank) {
    const value = data[i];
    squares += value * value;
    if (Math.abs(value) > Math.abs(largest)) largest = value;
  }
  return { length: Math.sqrt(squares), largest };
}

/** Refuse a list of modes with anything else in it than modes, each once. */
export function checkModes(where: string, name: string, modes: readonly number[], count: number): void {
  if (!Array.isArray(modes))
    fail(where, {
      expected: `${name} to be an array of modes`,
      got: show(modes),
      fix: `Pass ${name} as an array of whole numbers from 0 to ${count - 1}.`,
    });
  for (const mode of modes) checkWhole(where, `each mode in ${name}`, mode, 0, count - 1);
  if (new Set(modes).size < modes.length)
    fail(where, {
      expected: `each mode once in ${name}`,
      got: modes.join(", "),
      fix: "Leave out the repeated ones.",
    });
}

/** Components whose squares sum to more than this times the square of what they make cancel each other. */
const cancelling = 100;

/** Whether components cancel: together they are ten times as large as the tensor that they make. */
export function cancels(cp: Cp): boolean {
  const rank = cp.weights.shape[0],
    overlaps = gramOfOthers(weightsInLast("cpAls", cp).map(gram), -1).data;
  const whole = overlaps.reduce((sum, g) => sum + g, 0),
    parts = overlaps.reduce((sum, g, i) => (i % (rank + 1) === 0 ? sum + g : sum), 0);
  return parts > cancelling * whole;
}

/** Every column times the power of two that makes its largest entry about 1: cosines of columns stay what they are, and squares are in range. */
export const columnsInRange = (f: Matrix): Matrix =>
  rescaledColumns(
    f,
    columnExponents(f).map((exponent) => -exponent),
  );
