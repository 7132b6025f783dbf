import { checkWhole, fail } from "../base";
import { checkShape, checkTensor } from "./check";
import { sizeOf, type Matrix, type Shape, type Tensor } from "./shape";
import { zerosFor } from "./tensor";

/** A tensor seen from one mode: entry (l, i, r) stands at `(l * size + i) * right + r`, i the index in that mode. */
export function around(
  where: string,
  shape: Shape,
  mode: number,
): { readonly left: number; readonly size: number; readonly right: number } {
  checkWhole(where, "mode", mode, 0, shape.length - 1);
  return { left: sizeOf(shape.slice(0, mode)), size: shape[mode], right: sizeOf(shape.slice(mode + 1)) };
}

/**
 * The mode-n unfolding (matricization): rows are the index in `mode`, columns all other indices in increasing order of
 * mode, the last fastest, as TensorLy's.
 *
 * So `unfold(x, 0) = A (B ⊙ C)'` for a CP tensor with factors A, B, C.
 *
 * @throws {@link LtrnnError} when `mode` is not a mode of x
 * @remarks O(entries); a copy.
 * @see Kolda & Bader (2009), Tensor decompositions and applications, SIAM Review 51, section 2.4, whose columns run the
 * other way
 * @example unfold(tensor([2, 3, 4], Array.from({ length: 24 }, (_, i) => i)), 1).data.subarray(0, 8)
 * // Float64Array [0, 1, 2, 3, 12, 13, 14, 15]
 */
export function unfold(x: Tensor, mode: number): Matrix {
  return unfoldFor("unfold", x, mode);
}

/** {@link unfold} on behalf of `where`. */
export function unfoldFor(where: string, x: Tensor, mode: number): Matrix {
  checkTensor(where, "x", x);
  const { left, size, right } = around(where, x.shape, mode);
  const out = zerosFor(where, [size, left * right]);
  for (let l = 0; l < left; l++)
    for (let i = 0, from = l * size * right; i < size; i++, from += right)
      out.data.set(x.data.subarray(from, from + right), (i * left + l) * right);
  return out;
}

/**
 * What {@link unfold} undoes: the tensor of this shape whose unfolding in `mode` is `m`.
 *
 * @throws {@link LtrnnError} when `m` is not an unfolding of that shape
 * @remarks O(entries); a copy.
 * @example fold(tensor([2, 4], [1, 2, 5, 6, 3, 4, 7, 8]), 1, [2, 2, 2]).data // Float64Array [1, 2, 3, 4, 5, 6, 7, 8]
 */
export function fold<const S extends Shape>(m: Matrix, mode: number, shape: S): Tensor<S> {
  checkTensor("fold", "m", m, 2);
  checkShape("fold", "shape", shape);
  const { left, size, right } = around("fold", shape, mode);
  if (m.shape[0] !== size || m.shape[1] !== left * right)
    fail("fold", {
      expected: `a matrix (${size} × ${left * right}), the mode-${mode} unfolding of shape (${shape.join(" × ")})`,
      got: `(${m.shape.join(" × ")})`,
      fix: "Fold with the mode and the shape it was unfolded from.",
    });
  const out = zerosFor("fold", shape);
  for (let l = 0; l < left; l++)
    for (let i = 0, to = l * size * right; i < size; i++, to += right)
      out.data.set(m.data.subarray((i * left + l) * right, (i * left + l + 1) * right), to);
  return out;
}
