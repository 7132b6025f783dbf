import { fail, show } from "../base";
import { checkTensor } from "./check";
import type { Matrix } from "./shape";
import { zerosFor } from "./tensor";

/**
 * The Kronecker product of matrices in order: block (i, j) of the product of two is `a[i, j] b`, as `numpy.kron`.
 *
 * @param factors - at least one
 * @returns (product of rows × product of columns)
 * @throws {@link LtrnnError} when one is not a matrix
 * @remarks O(entries of the result).
 * @see Kolda & Bader (2009), SIAM Review 51, section 2.6
 * @example kronecker([tensor([1, 2], [1, 10]), tensor([2, 1], [3, 4])]).data // Float64Array [3, 30, 4, 40]
 */
export function kronecker(factors: readonly Matrix[]): Matrix {
  if (!Array.isArray(factors) || factors.length === 0)
    fail("kronecker", {
      expected: "an array of at least one matrix",
      got: show(factors),
      fix: "Pass such as [a, b].",
    });
  for (const [n, f] of Array.from(factors).entries()) checkTensor("kronecker", `factor ${n}`, f, 2);
  return factors.slice(1).reduce(ofTwo, factors[0]);
}

function ofTwo(a: Matrix, b: Matrix): Matrix {
  const [rows, columns] = a.shape,
    [p, q] = b.shape,
    out = zerosFor("kronecker", [rows * p, columns * q]);
  for (let i = 0, to = 0; i < rows; i++)
    for (let k = 0; k < p; k++)
      for (let j = 0; j < columns; j++)
        for (let l = 0; l < q; l++, to++) out.data[to] = a.data[i * columns + j] * b.data[k * q + l];
  return out;
}
