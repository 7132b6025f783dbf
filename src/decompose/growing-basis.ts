import { random } from "../base";
import { lengthOf, subtract, type Matrix, type Tensor } from "../tensor";
import { expandedBy } from "./mode-kernels";
import { sketchedDirections } from "./sketched-directions";

/** The shape with every size at the rank of its factor. */
export const ranksOf = (factors: readonly Matrix[]): number[] => factors.map((u) => u.shape[1]);

/**
 * The factors with up to `count` more columns each: leading directions, by sketches, of what they leave of x. Existing
 * columns do not change, so all coefficients in terms of them stay valid.
 *
 * @param core - x multiplied by the transpose of every factor
 */
export function grown(
  x: Tensor,
  core: Tensor,
  factors: readonly Matrix[],
  { count, most, seed }: { readonly count: number; readonly most: number; readonly seed: number },
): Matrix[] {
  const rest = core.data.length === 0 ? x : subtract(x, expandedBy(core, factors));
  return factors.map((u, mode) => {
    const more = Math.min(count, Math.min(most, u.shape[0]) - u.shape[1]);
    if (more <= 0) return u;
    const settings = { oversampling: 6, powers: 2 },
      stream = random(seed, `stream, mode ${mode}`);
    return withColumns(u, sketchedDirections(rest, mode, more, settings, stream).u);
  });
}

/** Columns made orthonormal to those before, by Gram-Schmidt twice; those that are in their span are left out. */
function withColumns(u: Matrix, more: Matrix): Matrix {
  const [rows, width] = u.shape,
    columns = Array.from({ length: width }, (_, r) => column(u, r));
  for (let r = 0; r < more.shape[1]; r++) {
    const fresh = outsideSpan(column(more, r), columns);
    if (fresh) columns.push(fresh);
  }
  const data = new Float64Array(rows * columns.length);
  columns.forEach((entries, r) => {
    for (let i = 0; i < rows; i++) data[i * columns.length + r] = entries[i];
  });
  return { shape: [rows, columns.length], data };
}

/**
 * The unit vector of what is left of a vector outside the span of orthonormal ones; undefined where that is rounding.
 */
export function outsideSpan(vector: Float64Array, basis: readonly Float64Array[]): Float64Array | undefined {
  const size = lengthOf(vector),
    rest = vector.slice();
  for (let pass = 0; pass < 2; pass++) for (const q of basis) subtractPart(rest, q);
  const left = lengthOf(rest);
  if (!(left > 1e-10 * size)) return undefined;
  for (let i = 0; i < rest.length; i++) rest[i] /= left;
  for (const q of basis) subtractPart(rest, q);
  return rest;
}

/** Takes the part along a unit vector out of a vector, in place. @returns its coefficient */
export function subtractPart(vector: Float64Array, unit: Float64Array): number {
  let inner = 0;
  for (let i = 0; i < unit.length; i++) inner += unit[i] * vector[i];
  for (let i = 0; i < unit.length; i++) vector[i] -= inner * unit[i];
  return inner;
}

const column = ({ shape: [rows, columns], data }: Matrix, r: number): Float64Array =>
  Float64Array.from({ length: rows }, (_, i) => data[i * columns + r]);

/** A tensor in the corner of a larger one of zeros. */
export function inCorner(data: Float64Array, shape: readonly number[], larger: readonly number[]): Float64Array {
  const out = new Float64Array(larger.reduce((product, size) => product * size, 1));
  for (let i = 0; i < data.length; i++) {
    let rest = i,
      to = 0,
      stride = 1;
    for (let mode = shape.length - 1; mode >= 0; mode--) {
      to += (rest % shape[mode]) * stride;
      rest = Math.floor(rest / shape[mode]);
      stride *= larger[mode];
    }
    out[to] = data[i];
  }
  return out;
}
