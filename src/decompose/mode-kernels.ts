import { contraction } from "../kernels";
import { sizeOf, transpose, type Matrix, type Tensor } from "../tensor";

/**
 * x multiplied by u' in one mode, u (size of the mode × columns), by the kernels: with random u, a sketch of that
 * mode's unfolding.
 */
export function contractMode(x: Tensor, u: Matrix, mode: number): Tensor {
  const size = x.shape[mode],
    columns = u.shape[1],
    lefts = sizeOf(x.shape.slice(0, mode)),
    rights = sizeOf(x.shape.slice(mode + 1));
  const shape = x.shape.map((n, k) => (k === mode ? columns : n));
  if (rights === 1) return { shape, data: contraction(x.data, lefts, size).right(transpose(u).data, columns) };
  const data = new Float64Array(lefts * columns * rights);
  for (let l = 0; l < lefts; l++)
    data.set(
      contraction(x.data.subarray(l * size * rights, (l + 1) * size * rights), size, rights).leftT(u.data, columns),
      l * columns * rights,
    );
  return { shape, data };
}

/** The Gram matrix of a mode's unfolding, (size × size), by the kernels. */
export function gramOf(x: Tensor, mode: number): Matrix {
  const size = x.shape[mode],
    lefts = sizeOf(x.shape.slice(0, mode)),
    rights = sizeOf(x.shape.slice(mode + 1)),
    data = new Float64Array(size * size);
  if (rights === 1) return { shape: [size, size], data: contraction(x.data, lefts, size).leftT(x.data, size) };
  for (let l = 0; l < lefts; l++) {
    const slice = x.data.subarray(l * size * rights, (l + 1) * size * rights),
      part = contraction(slice, size, rights).right(slice, size);
    for (let k = 0; k < part.length; k++) data[k] += part[k];
  }
  return { shape: [size, size], data };
}
