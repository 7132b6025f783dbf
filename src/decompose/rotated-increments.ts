import { checkAbove, random } from "../base";
import { haarTimes } from "../linalg";
import { checkTensor, transpose, zeros, type Matrix, type Tensor3 } from "../tensor";

/**
 * A null for the rank of learning: every increment `W(k+1) - W(k)` is multiplied left and right by its own random orthogonal matrices (Haar), and the results are
 * summed again. The spectrum of every step and the smoothness over steps stay; that the steps share directions does not.
 *
 * @param changes - (rows × columns × snapshots), as weightChanges gives them; the first slice is kept as it is
 * @throws {@link LtrnnError} when changes are not of three modes
 * @remarks O(snapshots · rows² · columns).
 * @example rotatedIncrements(zeros([4, 4, 3]), 1).shape // [4, 4, 3]
 */
export function rotatedIncrements(changes: Tensor3, seed: number): Tensor3 {
  checkTensor("rotatedIncrements", "changes", changes, 3);
  checkAbove("rotatedIncrements", "seed", seed, -Infinity);
  const [rows, columns, snapshots] = changes.shape,
    out = zeros(changes.shape),
    sum = new Float64Array(rows * columns);
  const stream = random(seed, "rotated increments");
  for (let at = 0; at < sum.length; at++) out.data[at * snapshots] = sum[at] = changes.data[at * snapshots];
  for (let k = 1; k < snapshots; k++) {
    const step: Matrix = {
      shape: [rows, columns],
      data: sum.map((_, at) => changes.data[at * snapshots + k] - changes.data[at * snapshots + k - 1]),
    };
    const rotated = haarTimes(transpose(haarTimes(step, stream)), stream); // transposed
    for (let i = 0, at = 0; i < rows; i++)
      for (let j = 0; j < columns; j++, at++) out.data[at * snapshots + k] = sum[at] += rotated.data[j * rows + i];
  }
  return out;
}
