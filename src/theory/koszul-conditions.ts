import { random } from "../base";
import { singularValues, svd } from "../linalg";
import { zeros, type Matrix } from "../tensor";
import type { SpreadFactors } from "./koszul-coordinates";
import { sizesOf, type KoszulFlattening } from "./koszul-flattening";
import { complementOf, pairEquations, spansOf } from "./koszul-spans";

/**
 * The smallest singular value that must not be zero, over the largest, of each of the four matrices that a certificate
 * rests on. Those of pairs and minors are computed only where the earlier conditions hold.
 */
export interface KoszulMargins {
  /** of the span of the components in the range of the flattening */
  readonly range: number;
  /** of their span in its domain */
  readonly domain: number;
  /** of the equations for pairs of vectors: shows that there are only as many solutions as components */
  readonly pairs?: number;
  /** of the 2 × 2 minors of two pairs: shows that only the pairs themselves have rank one */
  readonly minors?: number;
}

/** Margins at a flattening, and the name of the first that is too small, if one is. */
export interface KoszulConditions {
  readonly margins: KoszulMargins;
  readonly failed?: keyof KoszulMargins;
}

/**
 * The conditions of docs/theory.md D5 on components whose columns, of unit length, are those of three factors, the
 * wedged mode already projected on the directions. A margin has to be above `tolerance`, and above ten times the error
 * `rounding` of the columns: then exact columns have that rank too.
 */
export function koszulConditions(
  flattening: KoszulFlattening,
  { factors, rounding }: SpreadFactors,
  tolerance: number,
  seed: number,
): KoszulConditions {
  const least = Math.max(tolerance, 10 * rounding),
    rank = factors[0].shape[1],
    shape = factors.map((f) => f.shape[0]),
    { domain, range, paired, unknowns, each } = sizesOf(flattening, shape, rank),
    wedged = factors[flattening.mode];
  const spans = {
    range: spansOf({ ...flattening, end: "range" }, wedged, factors[range]),
    domain: spansOf({ ...flattening, end: "domain" }, wedged, factors[domain]),
  };
  const { end } = flattening,
    { u, singularValues: values } = svd(spans[end]),
    here = values[values.length - 1] / values[0],
    there = ratio(spans[end === "range" ? "domain" : "range"]),
    found = end === "range" ? { range: here, domain: there } : { range: there, domain: here };
  for (const name of ["range", "domain"] as const) if (!(found[name] > least)) return { margins: found, failed: name };
  const equations = pairEquations(flattening, complementOf(u, random(seed, "koszul complement"))),
    solved = singularValues(equations),
    // the span turns by at most the columns' error over its margin, and X ∧ ω has √each times the norm of X in all
    turned = (2 * Math.sqrt(each) * rounding) / here,
    pairs = unknowns === rank ? 1 : solved[unknowns - rank - 1] / solved[0];
  if (unknowns !== rank && !(pairs > Math.max(least, turned / solved[0])))
    return { margins: { ...found, pairs }, failed: "pairs" };
  const minors = rank === 1 ? 1 : ratio(minorsOfCouples(wedged, factors[paired]));
  return { margins: { ...found, pairs, minors }, ...(minors > least ? {} : { failed: "minors" as const }) };
}

/** The smallest singular value over the largest, of a matrix with at most as many columns as rows. */
function ratio(m: Matrix): number {
  const values = singularValues(m);
  return values[0] > 0 ? values[values.length - 1] / values[0] : 0;
}

/** A column `(a_r ∧ a_s) ⊗ (b_r ∧ b_s)` for every pair r < s of components. */
function minorsOfCouples(a: Matrix, b: Matrix): Matrix {
  const [rows, rank] = a.shape,
    [size] = b.shape,
    couples = (rank * (rank - 1)) / 2,
    inA = (rows * (rows - 1)) / 2,
    inB = (size * (size - 1)) / 2,
    out = zeros([inA * inB, couples]);
  let column = 0;
  for (let r = 0; r < rank; r++)
    for (let s = r + 1; s < rank; s++, column++) {
      const left = wedgeOf(a, r, s),
        right = wedgeOf(b, r, s);
      for (let i = 0, row = 0; i < inA; i++)
        for (let j = 0; j < inB; j++, row++) out.data[row * couples + column] = left[i] * right[j];
    }
  return out;
}

/** The 2 × 2 minors of two columns. */
function wedgeOf({ shape: [rows, rank], data }: Matrix, r: number, s: number): Float64Array {
  const out = new Float64Array((rows * (rows - 1)) / 2);
  for (let i = 0, to = 0; i < rows; i++)
    for (let j = i + 1; j < rows; j++, to++)
      out[to] = data[i * rank + r] * data[j * rank + s] - data[i * rank + s] * data[j * rank + r];
  return out;
}
