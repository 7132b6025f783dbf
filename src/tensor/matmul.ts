import { fail } from "../base";
import { checkTensor } from "./check";
import { contract } from "./mode-product";
import type { Matrix } from "./shape";
import { zerosFor } from "./tensor";

/**
 * The matrix product `a b`.
 *
 * @throws {@link LtrnnError} when sizes differ
 * @example matmul(tensor([1, 2], [1, 2]), tensor([2, 1], [3, 4])).data // Float64Array [11]
 */
export function matmul(a: Matrix, b: Matrix): Matrix {
  checkTensor("matmul", "a", a, 2);
  checkTensor("matmul", "b", b, 2);
  if (a.shape[1] !== b.shape[0])
    fail("matmul", {
      expected: `b to have ${a.shape[1]} rows, as a has columns`,
      got: `(${b.shape.join(" × ")})`,
      fix: "Transpose one of them.",
    });
  return contract("matmul", b, a, 0) as Matrix;
}

/** The transpose of a matrix, a copy. @example transpose(tensor([1, 2], [1, 2])).shape // [2, 1] */
export function transpose(m: Matrix): Matrix {
  checkTensor("transpose", "m", m, 2);
  const [rows, columns] = m.shape,
    out = zerosFor("transpose", [columns, rows]);
  for (let i = 0, entry = 0; i < rows; i++)
    for (let j = 0; j < columns; j++, entry++) out.data[j * rows + i] = m.data[entry];
  return out;
}
