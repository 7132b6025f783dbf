import { fail, square } from "../base";
import { checkSameShape, checkTensor, zeros, type Matrix, type Shape, type Tensor } from "./tensor";
import { around, unfold } from "./unfold";

/**
 * The mode-n product: every fibre of x along `mode` is multiplied by the matrix, so `unfold(result, mode) = m unfold(x, mode)`.
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
  const { left, size, right } = around("modeProduct", x.shape, mode);
  const [rows, columns] = m.shape;
  if (columns !== size)
    fail("modeProduct", {
      expected: `a matrix with ${size} columns, the size of mode ${mode}`,
      got: `(${m.shape.join(" × ")})`,
      fix: "Transpose the matrix, or choose the mode it belongs to.",
    });
  const out = zeros(x.shape.map((n, k) => (k === mode ? rows : n)));
  for (let l = 0; l < left; l++)
    if (right === 1) multiplyVector(out.data, l * rows, m.data, rows, size, x.data, l * size);
    else
      for (let p = 0; p < rows; p++)
        addFibres(out.data, (l * rows + p) * right, m.data, p * columns, x.data, l * size * right, size, right);
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
  for (let p = 0, at = 0; p < rows; p++) {
    let sum = 0;
    for (let i = 0; i < size; i++, at++) sum += m[at] * x[from + i];
    out[to + p] = sum;
  }
}

/** `out[r] += sum_i w[i] x[i, r]`, four rows at a time, so that sums are stored a quarter as often. */
function addFibres(
  out: Float64Array,
  to: number,
  w: Float64Array,
  wAt: number,
  x: Float64Array,
  from: number,
  size: number,
  right: number,
): void {
  let i = 0,
    at = from;
  for (; i + 3 < size; i += 4, at += 4 * right) {
    const w0 = w[wAt + i],
      w1 = w[wAt + i + 1],
      w2 = w[wAt + i + 2],
      w3 = w[wAt + i + 3];
    for (let r = 0; r < right; r++)
      out[to + r] +=
        w0 * x[at + r] + w1 * x[at + right + r] + (w2 * x[at + 2 * right + r] + w3 * x[at + 3 * right + r]);
  }
  for (; i < size; i++, at += right) for (let r = 0; r < right; r++) out[to + r] += w[wAt + i] * x[at + r];
}

/** The matrix product `a b`. @throws {@link LtrnnError} when sizes differ @example matmul(tensor([1, 2], [1, 2]), tensor([2, 1], [3, 4])).data // Float64Array [11] */
export function matmul(a: Matrix, b: Matrix): Matrix {
  checkTensor("matmul", "a", a, 2);
  checkTensor("matmul", "b", b, 2);
  if (a.shape[1] !== b.shape[0])
    fail("matmul", {
      expected: `b to have ${a.shape[1]} rows, as a has columns`,
      got: `(${b.shape.join(" × ")})`,
      fix: "Transpose one of them.",
    });
  return modeProduct(b, a, 0) as Matrix;
}

/** The transpose of a matrix, a copy. @example transpose(tensor([1, 2], [1, 2])).shape // [2, 1] */
export function transpose(m: Matrix): Matrix {
  checkTensor("transpose", "m", m, 2);
  const [rows, columns] = m.shape,
    out = zeros([columns, rows]);
  for (let i = 0, at = 0; i < rows; i++) for (let j = 0; j < columns; j++, at++) out.data[j * rows + i] = m.data[at];
  return out;
}

/** The Gram matrix `m' m` of a matrix's columns. @example gram(tensor([2, 1], [3, 4])).data // Float64Array [25] */
export function gram(m: Matrix): Matrix {
  checkTensor("gram", "m", m, 2);
  const [rows, n] = m.shape,
    out = zeros([n, n]);
  for (let k = 0; k < rows; k++)
    for (let i = 0, at = k * n; i < n; i++) {
      const x = m.data[at + i];
      for (let j = i; j < n; j++) out.data[i * n + j] += x * m.data[at + j];
    }
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) out.data[i * n + j] = out.data[j * n + i];
  return out;
}

/**
 * The Gram matrix of a mode, `unfold(x, mode) unfold(x, mode)'`: its eigenvalues are the squared singular values of the unfolding, its eigenvectors the directions
 * of the higher-order SVD. It squares the condition: no rank below 1e-7 of the largest singular value can be read off it.
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
    } = unfold(x, mode),
    out = zeros([size, size]);
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

/** The product of two tensors entry by entry. @throws {@link LtrnnError} when shapes differ @example hadamard(tensor([2], [1, 2]), tensor([2], [3, 4])).data // Float64Array [3, 8] */
export function hadamard<S extends Shape>(a: Tensor<S>, b: Tensor<S>): Tensor<S> {
  checkSameShape("hadamard", "b", b, a.shape);
  return { shape: a.shape, data: a.data.map((x, i) => x * b.data[i]) };
}

/** The difference of two tensors, entry by entry. @throws {@link LtrnnError} when shapes differ @example subtract(tensor([2], [3, 4]), tensor([2], [1, 1])).data // Float64Array [2, 3] */
export function subtract<S extends Shape>(a: Tensor<S>, b: Tensor<S>): Tensor<S> {
  checkSameShape("subtract", "b", b, a.shape);
  const data = new Float64Array(a.data.length);
  for (let i = 0; i < data.length; i++) data[i] = a.data[i] - b.data[i];
  return { shape: a.shape, data };
}

/** The Frobenius norm, the root of the sum of squares. @example norm(tensor([2], [3, 4])) // 5 */
export function norm({ data }: Tensor): number {
  let scale = 0,
    sum = 0;
  for (let i = 0; i < data.length; i++) sum += data[i] * data[i];
  if (sum > 1e-290 && sum < Infinity) return Math.sqrt(sum);
  for (let i = 0; i < data.length; i++) scale = Math.max(scale, Math.abs(data[i])); // squares overflow or vanish: scale first
  if (scale === 0 || !Number.isFinite(scale))
    return scale === 0 && !Number.isNaN(sum) ? 0 : Number.isNaN(sum) ? NaN : scale;
  sum = 0;
  for (let i = 0; i < data.length; i++) sum += square(data[i] / scale);
  return scale * Math.sqrt(sum);
}
