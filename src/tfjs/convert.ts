import { backend, tensor as makeTfjs, type Tensor as TfjsTensor } from "@tensorflow/tfjs-core";
import { fail } from "../base";
import { checkTensor, type Shape, type Tensor } from "../tensor";

/**
 * A tfjs tensor of the same shape, in float32, the only real type that tfjs has: numbers are rounded to 24 bits. The caller disposes of it.
 *
 * @throws LtrnnError when x is no tensor, has more than six modes, or holds a number too large for float32, or no backend is ready
 * @remarks O(entries); a copy on the current backend.
 * @example toTfjs(tensor([2], [1, 2])).dataSync() // Float32Array [1, 2]
 */
export function toTfjs(x: Tensor): TfjsTensor {
  checkTensor("toTfjs", "x", x);
  if (x.shape.length > 6)
    fail("toTfjs", {
      expected: "at most six modes, as tfjs has",
      got: String(x.shape.length),
      fix: "Unfold some of them first.",
    });
  checkBackend("toTfjs");
  const data = new Float32Array(x.data);
  for (let at = 0; at < data.length; at++)
    if (Math.abs(data[at]) === Infinity && Number.isFinite(x.data[at]))
      fail("toTfjs", {
        expected: "numbers below 3.4e38 in size, as float32 holds",
        got: `${x.data[at]} at entry ${at}`,
        fix: "Rescale the tensor.",
      });
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
  checkReal("fromTfjs", x);
  return { shape: [...x.shape], data: Float64Array.from((await x.data()) as ArrayLike<number>) };
}

/** Our tensor with the numbers of a tfjs tensor, now: the scan cannot wait. */
export function readTfjs<S extends Shape>(where: string, x: TfjsTensor): Tensor<S> {
  checkReal(where, x);
  return { shape: [...x.shape] as unknown as S, data: new Float64Array(x.dataSync() as Float32Array) };
}

/** A tfjs tensor from numbers that are known to fit. */
export const writeTfjs = <T extends TfjsTensor>({
  shape,
  data,
}: {
  readonly shape: Shape;
  readonly data: Float64Array | Float32Array;
}): T => makeTfjs(data instanceof Float32Array ? data : new Float32Array(data), [...shape], "float32") as T;

const copying = new WeakMap<object, boolean>();

/** Whether the backend copies numbers when a tensor is made of them, so that their array may be used again: tried out, once. */
export function copiesAtOnce(): boolean {
  const now = backend();
  let copies = copying.get(now);
  if (copies === undefined) {
    const one = new Float32Array(1),
      x = writeTfjs({ shape: [1], data: one });
    one[0] = 1;
    copying.set(now, (copies = x.dataSync()[0] === 0));
    x.dispose();
  }
  return copies;
}

export const isTfjs = (x: unknown): x is TfjsTensor =>
  typeof x === "object" && x !== null && "dataSync" in x && "dtype" in x;

/** Refuse to work where no backend is there, or it is not ready. */
export function checkBackend(where: string): void {
  try {
    backend();
  } catch (error) {
    fail(where, {
      expected: "a tfjs backend that is ready",
      got: `the answer of tfjs: ${(error as Error).message}`,
      fix: 'Import one, such as "@tensorflow/tfjs-backend-wasm", and await tf.setBackend("wasm") or tf.ready() before the first call.',
    });
  }
}

function checkReal(where: string, x: TfjsTensor): void {
  if (x.dtype === "complex64" || x.dtype === "string")
    fail(where, {
      expected: "a real tensor",
      got: `dtype ${x.dtype}`,
      fix: "Convert it first, with tf.real, tf.imag or tf.cast.",
    });
}
