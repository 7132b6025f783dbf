import type { Shape } from "../tensor";

/** A copy in our order, last index fastest, of entries in Fortran order, first index fastest. */
export function rowMajor<V, A extends { [index: number]: V; readonly length: number; slice(): A }>(
  shape: Shape,
  source: A,
): A {
  const target = source.slice();
  const strides = new Array<number>(shape.length).fill(1);
  for (let mode = shape.length - 2; mode >= 0; mode--) strides[mode] = strides[mode + 1] * shape[mode + 1];
  const index = new Array<number>(shape.length).fill(0);
  for (let from = 0, to = 0; from < source.length; from++) {
    target[to] = source[from];
    for (let mode = 0; mode < shape.length; mode++) {
      to += strides[mode];
      if (++index[mode] < shape[mode]) break;
      to -= strides[mode] * shape[mode];
      index[mode] = 0;
    }
  }
  return target;
}
