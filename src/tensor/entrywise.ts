import { checkSameShape, checkTensor } from "./check";
import type { Shape, Tensor } from "./shape";

/**
 * The Hadamard product: the product of two tensors, entry by entry.
 *
 * @throws {@link LtrnnError} when shapes differ
 * @example hadamard(tensor([2], [1, 2]), tensor([2], [3, 4])).data // Float64Array [3, 8]
 */
export function hadamard<S extends Shape>(a: Tensor<S>, b: Tensor<S>): Tensor<S> {
  checkTensor("hadamard", "a", a);
  checkSameShape("hadamard", "b", b, a.shape, "a");
  return { shape: a.shape, data: a.data.map((x, i) => x * b.data[i]) };
}

/**
 * The difference of two tensors, entry by entry.
 *
 * @throws {@link LtrnnError} when shapes differ
 * @example subtract(tensor([2], [3, 4]), tensor([2], [1, 1])).data // Float64Array [2, 3]
 */
export function subtract<S extends Shape>(a: Tensor<S>, b: Tensor<S>): Tensor<S> {
  checkTensor("subtract", "a", a);
  checkSameShape("subtract", "b", b, a.shape, "a");
  const data = new Float64Array(a.data.length);
  for (let i = 0; i < data.length; i++) data[i] = a.data[i] - b.data[i];
  return { shape: a.shape, data };
}
