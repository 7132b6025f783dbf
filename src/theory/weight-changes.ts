import { checkTensor, type Tensor3, zeros } from "../tensor";

/**
 * The tensor of weight changes: `W(k) - W(0)` for every snapshot, the first of which is zero.
 *
 * @param weights - (units × units × snapshots), as recordWeights gives them
 * @throws {@link LtrnnError} when weights are not of three modes
 * @remarks O(entries).
 * @example weightChanges(tensor([1, 1, 3], [2, 3, 5])).data // Float64Array [0, 1, 3]
 */
export function weightChanges(weights: Tensor3): Tensor3 {
  checkTensor("weightChanges", "weights", weights, 3);
  const [, , snapshots] = weights.shape,
    out = zeros(weights.shape);
  for (let i = 0; i < out.data.length; i++) out.data[i] = weights.data[i] - weights.data[i - (i % snapshots)];
  return out;
}
