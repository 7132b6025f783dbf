import { checkTensor } from "./check";
import type { Tensor } from "./shape";

/**
 * The Frobenius norm, the root of the sum of squares; no square overflows or underflows.
 *
 * @example norm(tensor([2], [3, 4])) // 5
 */
export function norm(x: Tensor): number {
  checkTensor("norm", "x", x);
  return lengthOf(x.data);
}

/** The length of a vector. Infinite where an entry is, NaN where one is NaN. */
export function lengthOf(entries: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < entries.length; i++) sum += entries[i] * entries[i];
  if ((sum > 1e-290 && sum < Infinity) || Number.isNaN(sum)) return Math.sqrt(sum);
  let largest = 0; // squares can overflow or underflow; those relative to the largest do not
  for (let i = 0; i < entries.length; i++) largest = Math.max(largest, Math.abs(entries[i]));
  if (largest === 0 || !Number.isFinite(largest)) return largest;
  sum = 0;
  for (let i = 0; i < entries.length; i++) {
    const ratio = entries[i] / largest;
    sum += ratio * ratio;
  }
  return largest * Math.sqrt(sum);
}
