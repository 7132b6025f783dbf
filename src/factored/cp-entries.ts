import { fail, show } from "../base";
import { checkCp, type Cp } from "./cp";
import { checkRange } from "./units";

/**
 * Entries of the tensor of a CP decomposition, without the others: what a model of a tensor that is too large to be
 * written out says of the entries that are listed.
 *
 * @param coordinates - one row an entry, one index a mode: (entries × modes), row-major, as in a {@link SparseTensor}
 * @returns one value an entry
 * @throws {@link LtrnnError} when coordinates are none of the tensor, or an entry would leave the range of doubles
 * @remarks O(entries · modes · rank).
 * @example cpEntries({ weights: tensor([1], [2]), factors: [tensor([2, 1], [3, 4]), tensor([1, 1], [5])] },
 * Int32Array.of(1, 0)) // Float64Array [40]
 */
export function cpEntries(cp: Cp, coordinates: Int32Array): Float64Array {
  const where = "cpEntries";
  checkCp(where, cp);
  const { weights, factors } = cp,
    modes = factors.length,
    rank = weights.shape[0];
  if (!(coordinates instanceof Int32Array) || coordinates.length % modes !== 0)
    fail(where, {
      expected: `coordinates to be an Int32Array of ${modes} indices an entry`,
      got: coordinates instanceof Int32Array ? `${coordinates.length} indices` : show(coordinates),
      fix: "Pass such as the coordinates of sparseOf.",
    });
  const out = new Float64Array(coordinates.length / modes),
    row = new Float64Array(rank);
  for (let entry = 0, at = 0; entry < out.length; entry++) {
    row.set(weights.data);
    for (const { shape, data } of factors) {
      const index = coordinates[at++];
      if (index < 0 || index >= shape[0])
        fail(where, {
          expected: `indices from 0 to ${shape[0] - 1} in mode ${(at - 1) % modes}`,
          got: `${index} in entry ${entry}`,
          fix: "Indices count from 0.",
        });
      for (let r = 0; r < rank; r++) row[r] *= data[index * rank + r];
    }
    for (let r = 0; r < rank; r++) out[entry] += row[r];
  }
  checkRange(where, "entries", out);
  return out;
}
