import { checkTensor, type Shape, type Tensor } from "../tensor";

/**
 * 0 where an entry is missing, NaN, and 1 elsewhere. An infinity does not count as missing: the function that reads it
 * refuses it, and names its index.
 *
 * @throws {@link LtrnnError} when it is not a tensor
 * @example observedMask(tensor([1, 1, 2], [NaN, 3])).data // Float64Array [0, 1]
 */
export function observedMask<S extends Shape>(activity: Tensor<S>): Tensor<S> {
  checkTensor("observedMask", "activity", activity);
  return { shape: activity.shape, data: activity.data.map((x) => (Number.isNaN(x) ? 0 : 1)) };
}
