import { contraction, gramOfMode } from "../kernels";
import { identity, norm, sizeOf, transpose, type Matrix, type Tensor } from "../tensor";

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
  const data =
    rights === 1
      ? contraction(x.data, lefts, size).right(transpose(u).data, columns)
      : contraction(x.data, size, rights, lefts).leftT(u.data, columns);
  return { shape, data };
}

/** The Gram matrix of a mode's unfolding, (size × size), by the kernels. */
export function gramOf({ shape, data }: Tensor, mode: number): Matrix {
  const size = shape[mode];
  return {
    shape: [size, size],
    data: gramOfMode(data, sizeOf(shape.slice(0, mode)), size, sizeOf(shape.slice(mode + 1))),
  };
}

/** `unfold(x, mode) unfold(z, mode)'` of tensors that differ in the size of that mode only, by the kernels. */
export function crossGram(x: Tensor, z: Tensor, mode: number): Matrix {
  const size = x.shape[mode],
    width = z.shape[mode],
    lefts = sizeOf(x.shape.slice(0, mode)),
    rights = sizeOf(x.shape.slice(mode + 1));
  if (rights === 1)
    return transpose({ shape: [width, size], data: contraction(x.data, lefts, size).leftT(z.data, width) });
  const data = new Float64Array(size * width);
  for (let l = 0; l < lefts; l++) {
    const slice = x.data.subarray(l * size * rights, (l + 1) * size * rights),
      other = z.data.subarray(l * width * rights, (l + 1) * width * rights),
      part = contraction(slice, size, rights).right(other, width);
    for (let k = 0; k < part.length; k++) data[k] += part[k];
  }
  return { shape: [size, width], data };
}

/** The sum of squares of `x - x ×_mode u u'`, summed entry by entry; `projected` is x multiplied by u'. */
export function outside(x: Tensor, u: Matrix, projected: Tensor, mode: number): number {
  const size = x.shape[mode],
    rank = u.shape[1],
    lefts = sizeOf(x.shape.slice(0, mode)),
    rights = sizeOf(x.shape.slice(mode + 1));
  if (rank === size) return 0;
  if (rights === 1)
    return contraction(x.data, lefts, size).residual({ left: projected.data, rightT: transpose(u).data, rank });
  let sum = 0;
  for (let l = 0; l < lefts; l++) {
    const rightT = projected.data.subarray(l * rank * rights, (l + 1) * rank * rights),
      slice = x.data.subarray(l * size * rights, (l + 1) * size * rights);
    sum += contraction(slice, size, rights).residual({ left: u.data, rightT, rank });
  }
  return sum;
}

/** The core multiplied by every factor that is given, by the kernels. */
export const expandedBy = (core: Tensor, factors: readonly (Matrix | undefined)[]): Tensor =>
  factors.reduce((x: Tensor, u, mode) => (u ? contractMode(x, transpose(u), mode) : x), core);

/** x multiplied by u' in every mode whose factor is given, those that shrink it most first. */
export function projectedBy(x: Tensor, factors: readonly (Matrix | undefined)[]): Tensor {
  const share = (mode: number) => (factors[mode]?.shape[1] ?? 0) / x.shape[mode],
    modes = [...factors.keys()].filter((mode) => factors[mode]).sort((p, q) => share(p) - share(q) || p - q);
  return modes.reduce((y, mode) => contractMode(y, factors[mode] as Matrix, mode), x);
}

/** Where the square of an error is above this, a difference of the squares of two norms holds 13 digits of it. */
const cancels = 1e-2;

/**
 * `‖x - x̂‖ / ‖x‖` of a tensor without missing entries and its projection: from the norms of x and of the core where
 * their squares differ by a hundredth or more, else by {@link tuckerResidual}.
 */
export function tuckerError(x: Tensor, size: number, core: Tensor, factors: readonly (Matrix | undefined)[]): number {
  if (size === 0) return 0;
  const kept = norm(core) / size,
    squared = (1 - kept) * (1 + kept);
  return Math.sqrt(squared > cancels ? squared : tuckerResidual(x, core, factors) / (size * size));
}

/**
 * `‖x - core ×_0 U_0 ×_1 U_1 ...‖²` over the entries of x that are not NaN, by one pass over x that sums the squares of
 * the residual itself: where it is small, `‖x‖² - ‖core‖²` would cancel.
 */
export function tuckerResidual(x: Tensor, core: Tensor, factors: readonly (Matrix | undefined)[]): number {
  const last = x.shape.length - 1,
    rank = core.shape[last],
    u = factors[last] ?? identity(rank);
  const rows = expandedBy(core, [...factors.slice(0, last), undefined]);
  return contraction(x.data, sizeOf(x.shape.slice(0, last)), x.shape[last]).residual({
    left: rows.data,
    rightT: transpose(u).data,
    rank,
  });
}
