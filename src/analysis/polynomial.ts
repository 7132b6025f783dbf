import { cos } from "../base";

/** The points of [-1, 1] at which a polynomial of degree d is evaluated to find its coefficients (Chebyshev). */
export const nodesOf = (degree: number): Float64Array =>
  Float64Array.from({ length: degree + 1 }, (_, j) => -cos((Math.PI * (j + 0.5)) / (degree + 1)));

/** Coefficients, lowest power first, of the polynomial with these values at those points: by divided differences. */
export function interpolated(nodes: Float64Array, values: Float64Array): Float64Array {
  const n = nodes.length,
    differences = values.slice();
  for (let order = 1; order < n; order++)
    for (let j = n - 1; j >= order; j--)
      differences[j] = (differences[j] - differences[j - 1]) / (nodes[j] - nodes[j - order]);
  const out = new Float64Array(n);
  for (let j = n - 1; j >= 0; j--) {
    // out = out (x - node) + difference
    for (let k = n - 1; k > 0; k--) out[k] = out[k - 1] - nodes[j] * out[k];
    out[0] = differences[j] - nodes[j] * out[0];
  }
  return out;
}

/** The value at x (Horner). */
export function valueAt(coefficients: Float64Array, x: number): number {
  let value = 0;
  for (let k = coefficients.length - 1; k >= 0; k--) value = value * x + coefficients[k];
  return value;
}

/** The places between `from` and `to` where a polynomial changes its sign, increasing. */
export function signChanges(coefficients: Float64Array, from: number, to: number): number[] {
  const degree = coefficients.length - 1;
  if (degree < 1) return [];
  const slope = Float64Array.from({ length: degree }, (_, k) => (k + 1) * coefficients[k + 1]);
  const found: number[] = [],
    ends = [from, ...signChanges(slope, from, to), to]; // between them it is monotone
  for (let piece = 0; piece + 1 < ends.length; piece++) {
    const left = valueAt(coefficients, ends[piece]),
      right = valueAt(coefficients, ends[piece + 1]);
    if (left < 0 !== right < 0) found.push(bisected(coefficients, ends[piece], ends[piece + 1], left < 0));
  }
  return found;
}

/** The sign change in an interval, to the last bit. */
function bisected(coefficients: Float64Array, from: number, to: number, below: boolean): number {
  let low = from,
    high = to;
  for (let round = 0; round < 100; round++) {
    const middle = low / 2 + high / 2;
    if (middle <= low || middle >= high) break;
    if (valueAt(coefficients, middle) < 0 === below) low = middle;
    else high = middle;
  }
  return low / 2 + high / 2;
}
