import { checkWhole, fail, show } from "../base";
import { checkTensor } from "./check";
import { type ModesOf, type Shape, sizeOf, type Tensor } from "./shape";
import { zerosFor } from "./tensor";

/**
 * Tensors one after the other along a mode: `numpy.concatenate(tensors, axis=mode)`. They agree in every other mode.
 *
 * @param tensors - at least one
 * @returns a copy; its size in `mode` is the sum of theirs
 * @throws {@link LtrnnError} when there is none, `mode` is not a mode of the first, or other sizes differ
 * @remarks O(entries of the result).
 * @example concat([tensor([1, 2], [1, 2]), tensor([2, 2], [3, 4, 5, 6])], 0).shape // [3, 2]
 */
export function concat<S extends Shape>(tensors: readonly Tensor<S>[], mode: number): Tensor<ModesOf<S>> {
  if (!Array.isArray(tensors) || tensors.length === 0)
    fail("concat", { expected: "an array of at least one tensor", got: show(tensors), fix: "Pass [x, y]." });
  const parts: readonly Tensor<S>[] = Array.from(tensors);
  parts.forEach((x, i) => {
    checkTensor("concat", `tensors[${i}]`, x);
  });
  const { shape } = parts[0];
  checkWhole("concat", "mode", mode, 0, shape.length - 1);
  parts.forEach((x, i) => {
    if (x.shape.length !== shape.length || x.shape.some((size, other) => other !== mode && size !== shape[other]))
      fail("concat", {
        expected:
          `tensors[${i}] of shape ` +
          `(${shape.map((size, other) => (other === mode ? "any" : size)).join(" × ")}), as the first`,
        got: `(${x.shape.join(" × ")})`,
        fix: `Select or permute its modes until only mode ${mode} differs.`,
      });
  });
  const joined = parts.reduce((sum, x) => sum + x.shape[mode], 0);
  const out = zerosFor("concat", shape.map((size, other) => (other === mode ? joined : size)) as Shape as ModesOf<S>);
  const before = sizeOf(shape.slice(0, mode)),
    row = sizeOf(out.shape.slice(mode));
  let offset = 0;
  for (const { shape: own, data } of parts) {
    const length = sizeOf(own.slice(mode));
    for (let l = 0; l < before; l++) out.data.set(data.subarray(l * length, (l + 1) * length), l * row + offset);
    offset += length;
  }
  return out;
}
