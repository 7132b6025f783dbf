import { expect } from "vitest";
import type { Tensor } from "../../src/tensor";

/** The largest difference, relative to the largest entry of what is expected. NaN counts as infinitely far. */
export function distance(got: ArrayLike<number>, want: ArrayLike<number>): number {
  let largest = 0,
    scale = 0;
  for (let i = 0; i < want.length; i++) {
    const difference = Math.abs(got[i] - want[i]);
    largest = Number.isNaN(difference) ? Infinity : Math.max(largest, difference);
    scale = Math.max(scale, Math.abs(want[i]));
  }
  return scale === 0 ? largest : largest / scale;
}

/** Two tensors have one shape, and no entry differs by more than `tolerance` times the largest expected entry. */
export function close(got: Tensor, want: Tensor, tolerance: number): void {
  expect([...got.shape]).toEqual([...want.shape]);
  expect(distance(got.data, want.data)).toBeLessThanOrEqual(tolerance);
}
