import { fail } from "../base";
import { addRows } from "./add-rows";
import { checkTensor } from "./check";
import type { Matrix, Tensor } from "./shape";
import { zerosFor } from "./tensor";
import { around } from "./unfold";

/**
 * The mode-n product: every fiber of x along `mode` is multiplied by the matrix, so `unfold(result, mode) = m unfold(x,
 * mode)`.
 *
 * @param m - (rows × size of mode)
 * @throws {@link LtrnnError} when m has another number of columns
 * @remarks O(entries · rows).
 * @see Kolda & Bader (2009), SIAM Review 51, section 2.5
 * @example modeProduct(tensor([2, 2], [1, 2, 3, 4]), tensor([1, 2], [1, 1]), 0).data // Float64Array [4, 6]
 */
export function modeProduct(x: Tensor, m: Matrix, mode: number): Tensor {
  checkTensor("modeProduct", "x", x);
  checkTensor("modeProduct", "m", m, 2);
  const { size } = around("modeProduct", x.shape, mode);
  if (m.shape[1] !== size)
    fail("modeProduct", {
      expected: `a matrix with ${size} columns, the size of mode ${mode}`,
      got: `(${m.shape.join(" × ")})`,
      fix: "Transpose the matrix, or choose the mode it belongs to.",
    });
  return contract("modeProduct", x, m, mode);
}

/** The mode-n product of operands known to fit, on behalf of `where`. */
export function contract(where: string, x: Tensor, m: Matrix, mode: number): Tensor {
  const { left, size, right } = around(where, x.shape, mode);
  const [rows, columns] = m.shape;
  const out = zerosFor(
    where,
    x.shape.map((n, k) => (k === mode ? rows : n)),
  );
  for (let l = 0; l < left; l++)
    if (right === 1) multiplyVector(out.data, l * rows, m.data, rows, size, x.data, l * size);
    else
      for (let p = 0; p < rows; p++)
        addRows(out.data, (l * rows + p) * right, m.data, p * columns, x.data, l * size * right, size, right);
  return out;
}

/** `out[p] = sum_i m[p, i] x[i]`. */
function multiplyVector(
  out: Float64Array,
  to: number,
  m: Float64Array,
  rows: number,
  size: number,
  x: Float64Array,
  from: number,
): void {
  for (let p = 0, entry = 0; p < rows; p++) {
    let sum = 0;
    for (let i = 0; i < size; i++, entry++) sum += m[entry] * x[from + i];
    out[to + p] = sum;
  }
}
