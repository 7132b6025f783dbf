import { checkTensor, zeros, type Tensor3 } from "../tensor";

/**
 * The tensor of weight changes: `W(k) - W(0)` for every snapshot, the first of which is zero.
 *
 * @param weights - (units × units × snapshots), as recordWeights gives them
 * @example weightChanges(tensor([1, 1, 3], [2, 3, 5])).data // Float64Array [0, 1, 3]
 */
export function weightChanges(weights: Tensor3): Tensor3 {
  checkTensor("weightChanges", "weights", weights, 3);
  const [, , snapshots] = weights.shape,
    out = zeros(weights.shape);
  for (let at = 0; at < out.data.length; at++) out.data[at] = weights.data[at] - weights.data[at - (at % snapshots)];
  return out;
}
