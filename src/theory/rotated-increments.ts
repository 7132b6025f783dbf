import { fail, random, show } from "../base";
import { checkRange } from "../factored";
import { haarTimes } from "../linalg";
import { checkFinite, checkTensor, type Matrix, type Tensor3, transpose, zeros } from "../tensor";

/**
 * A null model for the rank of weight changes: every increment `W(k+1) - W(k)` is multiplied left and right by its own
 * random orthogonal matrices (Haar), and the results are summed again. This keeps the spectrum of every step, and the
 * smoothness over steps, but not the directions that steps share.
 *
 * @param changes - (rows × columns × snapshots), as weightChanges gives them; the first slice is kept as it is
 * @throws {@link LtrnnError} when changes are not of three modes or not finite
 * @remarks O(snapshots · rows² · columns).
 * @example rotatedIncrements(zeros([4, 4, 3]), 1).shape // [4, 4, 3]
 */
export function rotatedIncrements(changes: Tensor3, seed: number): Tensor3 {
  const where = "rotatedIncrements";
  checkTensor(where, "changes", changes, 3);
  checkFinite(where, "changes", changes);
  if (!Number.isFinite(seed))
    fail(where, { expected: "seed to be a finite number", got: show(seed), fix: "Pass a number, such as 1." });
  const [rows, columns, snapshots] = changes.shape,
    entries = rows * columns;
  const out = zeros(changes.shape),
    sum = new Float64Array(entries),
    stream = random(seed, "rotated increments");
  if (snapshots === 0) return out;
  for (let i = 0; i < entries; i++) out.data[i * snapshots] = sum[i] = changes.data[i * snapshots];
  for (let k = 1; k < snapshots; k++) {
    const increment: Matrix = zeros([rows, columns]);
    for (let i = 0; i < entries; i++)
      increment.data[i] = changes.data[i * snapshots + k] - changes.data[i * snapshots + k - 1];
    const rotatedT = haarTimes(transpose(haarTimes(increment, stream)), stream);
    for (let i = 0, entry = 0; i < rows; i++)
      for (let j = 0; j < columns; j++, entry++)
        out.data[entry * snapshots + k] = sum[entry] += rotatedT.data[j * rows + i];
  }
  checkRange(where, "sums of increments", out.data);
  return out;
}
