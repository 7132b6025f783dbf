import { fail, show } from "../base";
import { checkTensor } from "./check";
import { type ModesOf, type Shape, sizeOf, type Tensor } from "./shape";
import { zerosFor } from "./tensor";

/**
 * The same tensor with its modes in another order: mode n of the result is mode `modes[n]` of x, as `numpy.transpose(x,
 * modes)`. So `permute(x, [1, 0, 2])` brings time × trials × neurons to the order trials × time × neurons.
 *
 * @param modes - every mode of x once
 * @returns a copy
 * @throws {@link LtrnnError} when `modes` is not a permutation of the modes of x
 * @remarks O(entries).
 * @example permute(tensor([2, 3], [1, 2, 3, 4, 5, 6]), [1, 0]).data // Float64Array [1, 4, 2, 5, 3, 6]
 */
export function permute<S extends Shape>(x: Tensor<S>, modes: readonly number[]): Tensor<ModesOf<S>> {
  checkTensor("permute", "x", x);
  const count = x.shape.length;
  if (!Array.isArray(modes) || modes.length !== count || !x.shape.every((_, mode) => modes.includes(mode)))
    fail("permute", {
      expected: `every mode from 0 to ${count - 1} once`,
      got: Array.isArray(modes) ? `[${modes.slice(0, 10).map(show).join(", ")}]` : show(modes),
      fix: "List the modes of x in their new order.",
    });
  const strides = x.shape.map((_, mode) => sizeOf(x.shape.slice(mode + 1)));
  const out = zerosFor("permute", modes.map((mode) => x.shape[mode]) as Shape as ModesOf<S>);
  let next = 0;
  const walk = (position: number, offset: number): void => {
    if (position === count) {
      out.data[next++] = x.data[offset];
      return;
    }
    const stride = strides[modes[position]];
    for (let i = 0; i < out.shape[position]; i++) walk(position + 1, offset + i * stride);
  };
  if (out.data.length > 0) walk(0, 0);
  return out;
}
