import type { Tensor3, Matrix } from "../tensor";

/** Layer l of a stack in every condition: `y = x w + b`. */
export interface Layer {
  /** (conditions × units before × units after) */
  readonly w: Tensor3;
  /** (conditions × units after) */
  readonly b: Matrix;
}

/** `y = b + x w` in one condition; entries of x that are 0, as half of those after a relu are, cost nothing. */
export function layerForward({ w, b }: Layer, condition: number, x: Float64Array, y: Float64Array): void {
  const [, before, after] = w.shape,
    offset = condition * before * after;
  y.set(b.data.subarray(condition * after, (condition + 1) * after));
  for (let i = 0; i < before; i++) {
    const value = x[i];
    if (value === 0) continue;
    for (let j = 0, index = offset + i * after; j < after; j++, index++) y[j] += value * w.data[index];
  }
}

/**
 * The adjoint of {@link layerForward}: adds to the gradients in w and b, and writes that in x, `dx = w dy`, where x is
 * above 0, and 0 elsewhere, as the relu before it asks; with `everywhere`, at all of x.
 */
export function layerAdjoint(
  { w }: Layer,
  gradients: Layer,
  condition: number,
  x: Float64Array,
  dy: Float64Array,
  dx: Float64Array,
  everywhere: boolean,
): void {
  const [, before, after] = w.shape,
    offset = condition * before * after,
    dw = gradients.w.data,
    db = gradients.b.data;
  for (let j = 0; j < after; j++) db[condition * after + j] += dy[j];
  for (let i = 0; i < before; i++) {
    const value = x[i];
    if (value === 0 && !everywhere) {
      dx[i] = 0;
      continue;
    }
    let sum = 0;
    for (let j = 0, index = offset + i * after; j < after; j++, index++) {
      dw[index] += value * dy[j];
      sum += w.data[index] * dy[j];
    }
    dx[i] = sum;
  }
}
