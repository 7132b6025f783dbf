import { checkWhole, fail, show } from "../base";
import { checkTensor } from "./check";
import { type ModesOf, type Shape, sizeOf, type Tensor } from "./shape";
import { zerosFor } from "./tensor";

/**
 * Chosen indices of one mode, in the order given and as often as given: `numpy.take(x, indices, axis=mode)`. So the
 * trials of one condition are `select(activity, 0, trialsOfOneCondition)`.
 *
 * @param indices - whole numbers; negative ones count from the end
 * @returns a copy; its size in `mode` is the number of indices
 * @throws {@link LtrnnError} when `mode` is not a mode of x, or an index is out of range
 * @remarks O(entries of the result). One index, `[3]`, keeps the mode with size 1, as `numpy.take(x, [3], axis)` does.
 * @example select(tensor([2, 2], [1, 2, 3, 4]), 0, [1, 1, 0]).data // Float64Array [3, 4, 3, 4, 1, 2]
 */
export function select<S extends Shape>(x: Tensor<S>, mode: number, indices: ArrayLike<number>): Tensor<ModesOf<S>> {
  checkTensor("select", "x", x);
  checkWhole("select", "mode", mode, 0, x.shape.length - 1);
  if (!Array.isArray(indices) && !(ArrayBuffer.isView(indices) && !(indices instanceof DataView)))
    fail("select", {
      expected: "indices to be an array of whole numbers",
      got: show(indices),
      fix: "Pass [3] for one index.",
    });
  const size = x.shape[mode];
  const chosen = Array.from(indices, (index, i) => {
    checkWhole("select", `indices[${i}]`, index, -size, size - 1);
    return index < 0 ? index + size : index;
  });
  const shape = x.shape.map((count, other) => (other === mode ? chosen.length : count)) as Shape as ModesOf<S>,
    out = zerosFor("select", shape),
    block = sizeOf(x.shape.slice(mode + 1)),
    blocks = sizeOf(x.shape.slice(0, mode));
  for (let before = 0, to = 0; before < blocks; before++)
    for (let i = 0; i < chosen.length; i++, to += block) {
      const from = (before * size + chosen[i]) * block;
      if (block === 1) out.data[to] = x.data[from];
      else out.data.set(x.data.subarray(from, from + block), to);
    }
  return out;
}
