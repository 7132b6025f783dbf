import type { Tensor as TfjsTensor } from "@tensorflow/tfjs-core";
import { fail } from "../base";
import { checkTensor, type Tensor } from "../tensor";
import { checkBackend, checkTfjs, writeTfjs } from "./transfer";

/**
 * A tfjs tensor of the same shape, in float32, the only real type that tfjs has: numbers are rounded to 24 bits. The
 * caller disposes of it.
 *
 * @throws LtrnnError when x is no tensor, has more than six modes, or holds a number too large for float32, or no
 * backend is ready
 * @remarks O(entries); a copy on the current backend.
 * @example toTfjs(tensor([2], [1, 2])).dataSync() // Float32Array [1, 2]
 */
export const toTfjs = (x: Tensor): TfjsTensor => tfjsOf("toTfjs", "x", x);

/** {@link toTfjs}, in the name of another function. */
export function tfjsOf(where: string, name: string, x: Tensor): TfjsTensor {
  checkTensor(where, name, x);
  if (x.shape.length > 6)
    fail(where, {
      expected: `${name} to have at most six modes, as tfjs has`,
      got: String(x.shape.length),
      fix: "Unfold some of them first.",
    });
  checkBackend(where);
  const rounded = new Float32Array(x.data),
    overflow = rounded.findIndex((value, entry) => Math.abs(value) === Infinity && Number.isFinite(x.data[entry]));
  if (overflow >= 0)
    fail(where, {
      expected: `numbers below 3.4e38 in size in ${name}, as float32 holds`,
      got: `${x.data[overflow]} at entry ${overflow}`,
      fix: "Rescale the tensor.",
    });
  return writeTfjs({ shape: x.shape, data: rounded });
}

/**
 * Our tensor with the numbers of a tfjs tensor, whatever its type but complex and string. It waits for the backend; the
 * tfjs tensor is left alone.
 *
 * @throws LtrnnError when x is no tfjs tensor, was disposed of, or is of complex numbers or strings
 * @remarks O(entries); a copy.
 * @example (await fromTfjs(toTfjs(tensor([1, 2], [3, 4])))).shape // [1, 2]
 */
export const fromTfjs = (x: TfjsTensor): Promise<Tensor> => tensorOf("fromTfjs", "x", x);

/** {@link fromTfjs}, in the name of another function. */
export async function tensorOf(where: string, name: string, x: TfjsTensor): Promise<Tensor> {
  checkTfjs(where, name, x);
  return { shape: [...x.shape], data: Float64Array.from((await x.data()) as ArrayLike<number>) };
}
