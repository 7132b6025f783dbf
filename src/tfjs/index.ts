/** tfjs: our tensors to tfjs's and back; the only door to tfjs-core. */
import { tensor as makeTfjs, type Tensor as TfjsTensor } from "@tensorflow/tfjs-core";
import { LtrnnError } from "../base";
import { checkTensor, type Tensor } from "../tensor";

/**
 * A tfjs tensor of the same shape, in float32, the only real type that tfjs has: numbers are rounded to 24 bits. The caller disposes of it.
 *
 * @throws LtrnnError when x is no tensor, has more than six modes, or holds a number too large for float32
 * @remarks O(entries); a copy on the current backend.
 * @example toTfjs(tensor([2], [1, 2])).dataSync() // Float32Array [1, 2]
 */
export function toTfjs(x: Tensor): TfjsTensor {
  checkTensor("toTfjs", "x", x);
  if (x.shape.length > 6) throw new LtrnnError("toTfjs", { expected: "at most six modes, as tfjs has", got: String(x.shape.length), fix: "Unfold some of them first." });
  const data = Float32Array.from(x.data);
  const large = data.findIndex((value, at) => Math.abs(value) === Infinity && Number.isFinite(x.data[at]));
  if (large >= 0) throw new LtrnnError("toTfjs", { expected: "numbers below 3.4e38 in size, as float32 holds", got: `${x.data[large]} at entry ${large}`, fix: "Rescale the tensor." });
  return makeTfjs(data, [...x.shape], "float32");
}

/**
 * Our tensor with the numbers of a tfjs tensor, whatever its type but complex and string. It waits for the backend; the tfjs tensor is left alone.
 *
 * @throws LtrnnError for complex and string tensors
 * @remarks O(entries); a copy.
 * @example (await fromTfjs(toTfjs(tensor([1, 2], [3, 4])))).shape // [1, 2]
 */
export async function fromTfjs(x: TfjsTensor): Promise<Tensor> {
  if (x.dtype === "complex64" || x.dtype === "string") throw new LtrnnError("fromTfjs", { expected: "a real tensor", got: `dtype ${x.dtype}`, fix: "Convert it first, with tf.real, tf.imag or tf.cast." });
  return { shape: [...x.shape], data: Float64Array.from(await x.data() as ArrayLike<number>) };
}
