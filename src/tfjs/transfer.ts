import { backend, tensor as makeTfjs, type Tensor as TfjsTensor } from "@tensorflow/tfjs-core";
import { fail, isCallable, show } from "../base";
import type { Shape, Tensor } from "../tensor";

/** The numbers of a tfjs tensor as our tensor, at once: the scan cannot wait for a backend. */
export function readTfjs<S extends Shape>(x: TfjsTensor): Tensor<S> {
  return { shape: [...x.shape] as unknown as S, data: new Float64Array(x.dataSync() as Float32Array) };
}

/** A tfjs tensor from numbers that are known to fit into float32. */
export const writeTfjs = <T extends TfjsTensor>({
  shape,
  data,
}: {
  readonly shape: Shape;
  readonly data: Float64Array | Float32Array;
}): T => makeTfjs(data instanceof Float32Array ? data : new Float32Array(data), [...shape], "float32") as T;

const copying = new WeakMap<object, boolean>();

/**
 * Whether the backend copies an array when a tensor is made of it, so that the array may be reused. Each backend is
 * tried once.
 */
export function copiesAtOnce(): boolean {
  const current = backend(),
    known = copying.get(current);
  if (known !== undefined) return known;
  const array = new Float32Array(1),
    x = writeTfjs({ shape: [1], data: array });
  array[0] = 1;
  const copies = x.dataSync()[0] === 0;
  x.dispose();
  copying.set(current, copies);
  return copies;
}

/** Whether it has what is used of a tfjs tensor; classes may be of another copy of tfjs. Never throws. */
export function isTfjs(x: unknown): x is TfjsTensor {
  try {
    const { dataSync, data, dtype, shape } = x as Partial<TfjsTensor>;
    return isCallable(dataSync) && isCallable(data) && typeof dtype === "string" && Array.isArray(shape);
  } catch {
    return false;
  }
}

/** Refuse what is no tfjs tensor of real numbers that still has them. */
export function checkTfjs(where: string, name: string, x: unknown): asserts x is TfjsTensor {
  if (!isTfjs(x))
    fail(where, {
      expected: `${name} to be a tfjs tensor or variable`,
      got: show(x),
      fix: "Make one with toTfjs, or a record of them with variablesOf.",
    });
  if (x.isDisposed)
    fail(where, {
      expected: `${name} to hold its numbers`,
      got: "a tensor that was disposed of",
      fix: "Make it outside tf.tidy, or keep it with tf.keep, until the last call that uses it.",
    });
  if (x.dtype === "complex64" || x.dtype === "string")
    fail(where, {
      expected: `${name} to be a real tensor`,
      got: `dtype ${x.dtype}`,
      fix: "Convert it first, with tf.real, tf.imag or tf.cast.",
    });
}

/** Refuse to work where no backend is there, or it is not ready. */
export function checkBackend(where: string): void {
  try {
    backend();
  } catch (error) {
    fail(where, {
      expected: "a tfjs backend that is ready",
      got: `the answer of tfjs: ${(error as Error).message}`,
      fix:
        "Import one, such as " +
        '"@tensorflow/tfjs-backend-wasm", and await ' +
        'tf.setBackend("wasm") or tf.ready() before the first call.',
    });
  }
}
