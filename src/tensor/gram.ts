import { checkTensor } from "./check";
import type { Matrix, Tensor } from "./shape";
import { zerosFor } from "./tensor";
import { unfoldFor } from "./unfold";

/** The Gram matrix `m' m` of a matrix's columns. @example gram(tensor([2, 1], [3, 4])).data // Float64Array [25] */
export function gram(m: Matrix): Matrix {
  checkTensor("gram", "m", m, 2);
  const [rows, n] = m.shape,
    out = zerosFor("gram", [n, n]);
  for (let k = 0; k < rows; k++)
    for (let i = 0, row = k * n; i < n; i++) {
      const x = m.data[row + i];
      for (let j = i; j < n; j++) out.data[i * n + j] += x * m.data[row + j];
    }
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) out.data[i * n + j] = out.data[j * n + i];
  return out;
}

/**
 * The Gram matrix of a mode, `unfold(x, mode) unfold(x, mode)'`: its eigenvalues are the squared singular values of the
 * unfolding, its eigenvectors the directions of the higher-order SVD. It squares the condition: no rank below 1e-7 of
 * the largest singular value can be read off it.
 *
 * @returns (size × size)
 * @throws {@link LtrnnError} when `mode` is not a mode of x
 * @remarks O(entries · size).
 * @example modeGram(tensor([2, 2], [1, 2, 3, 4]), 0).data // Float64Array [5, 11, 11, 25]
 */
export function modeGram(x: Tensor, mode: number): Matrix {
  const {
      shape: [size, columns],
      data,
    } = unfoldFor("modeGram", x, mode),
    out = zerosFor("modeGram", [size, size]);
  const block = 1024; // columns at a time, so that the rows of a block stay in cache
  for (let first = 0; first < columns; first += block) {
    const end = Math.min(columns, first + block);
    for (let i = 0; i < size; i += 2)
      for (let j = 0; j <= i; j += 2) {
        // two rows against two: four sums in registers
        const i0 = i * columns,
          i1 = i + 1 < size ? i0 + columns : i0,
          j0 = j * columns,
          j1 = j + 1 < size ? j0 + columns : j0;
        let s00 = 0,
          s01 = 0,
          s10 = 0,
          s11 = 0;
        for (let c = first; c < end; c++) {
          const a0 = data[i0 + c],
            a1 = data[i1 + c],
            b0 = data[j0 + c],
            b1 = data[j1 + c];
          s00 += a0 * b0;
          s01 += a0 * b1;
          s10 += a1 * b0;
          s11 += a1 * b1;
        }
        out.data[i * size + j] += s00;
        if (j + 1 < size) out.data[i * size + j + 1] += s01;
        if (i + 1 < size) out.data[(i + 1) * size + j] += s10;
        if (i + 1 < size && j + 1 < size) out.data[(i + 1) * size + j + 1] += s11;
      }
  }
  for (let i = 0; i < size; i++) for (let j = i + 1; j < size; j++) out.data[i * size + j] = out.data[j * size + i];
  return out;
}
