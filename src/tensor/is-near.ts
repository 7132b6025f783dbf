import { largestOf } from "./largest-of";

/** Whether two lists of numbers agree up to rounding: within 1e-9 of the largest of them. */
export function isNear(x: Float64Array, y: Float64Array): boolean {
  const scale = largestOf(x);
  return x.length === y.length && x.every((value, i) => Math.abs(value - y[i]) <= 1e-9 * scale);
}
