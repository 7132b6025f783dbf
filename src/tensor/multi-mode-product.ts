import { fail, show } from "../base";
import { checkTensor } from "./check";
import { contract } from "./mode-product";
import type { Matrix, Tensor, Vector } from "./shape";

/**
 * The product of x with a matrix (rows × size) or a vector (size) in each mode where one is given: a vector contracts
 * its mode, which the result no longer has; null leaves a mode as it is.
 *
 * @param operands - one per mode of x
 * @throws {@link LtrnnError} when operands do not fit x
 * @remarks O(entries · rows) for the first; operands that shrink x most come first.
 * @see Kolda & Bader (2009), SIAM Review 51, section 2.5
 * @example multiModeProduct(tensor([2, 2], [1, 2, 3, 4]), [tensor([2], [1, 1]), null]).data // Float64Array [4, 6]
 */
export function multiModeProduct(x: Tensor, operands: readonly (Matrix | Vector | null)[]): Tensor {
  const where = "multiModeProduct";
  checkTensor(where, "x", x);
  if (!Array.isArray(operands) || operands.length !== x.shape.length)
    fail(where, {
      expected: `${x.shape.length} operands, one per mode`,
      got: Array.isArray(operands) ? String(operands.length) : show(operands),
      fix: "Pass a matrix, a vector or null for every mode.",
    });
  const matrices = Array.from(operands, (operand: Matrix | Vector | null, mode): Matrix | null => {
    if (operand === null) return null;
    checkTensor(where, `operand ${mode}`, operand);
    const { shape, data } = operand,
      size = shape[shape.length - 1];
    if (shape.length > 2 || size !== x.shape[mode])
      fail(where, {
        expected: `a matrix with ${x.shape[mode]} columns, or a vector of that length, for mode ${mode}`,
        got: `shape (${shape.join(" × ")})`,
        fix: "Transpose the matrix, or give it to the mode it belongs to.",
      });
    return { shape: [shape.length === 1 ? 1 : (shape[0] as number), size], data };
  });
  const share = (mode: number) => (matrices[mode]?.shape[0] ?? 0) / (x.shape[mode] || 1),
    order = [...matrices.keys()].filter((mode) => matrices[mode]).sort((p, q) => share(p) - share(q) || p - q);
  const product = order.reduce((y, mode) => contract(where, y, matrices[mode] as Matrix, mode), x),
    kept = operands.map((operand) => operand === null || operand.shape.length === 2);
  return {
    shape: product.shape.filter((_, mode) => kept[mode]),
    data: product === x ? x.data.slice() : product.data,
  };
}
