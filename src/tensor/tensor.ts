import { fail, LtrnnError, show } from "../base";
import { checkShape } from "./check";
import { indexOf, type Shape, shapeText, sizeOf, type Tensor } from "./shape";

/**
 * A tensor from a shape and its entries, row-major: the last index runs fastest, so entry (i, j) of a matrix is
 * `data[i * columns + j]` ({@link Tensor}). A `Float64Array` is taken as it is, not copied; other numbers are
 * converted, BigInts too where a number holds them exactly.
 *
 * @throws {@link LtrnnError} when a size is not a whole number, the number of entries is not that of the shape, or one
 * is not a number
 * @example tensor([2, 3], [1, 2, 3, 4, 5, 6]).data[4] // 5: row 1, column 1
 */
export function tensor<const S extends Shape>(
  shape: S,
  data: ArrayLike<number> | BigInt64Array | BigUint64Array,
): Tensor<S> {
  checkShape("tensor", "shape", shape);
  const size = sizeOf(shape);
  const length = lengthOf(data);
  if (length !== size)
    fail("tensor", {
      expected: `${size} entries for shape ${shapeText(shape)}`,
      got: `${length}`,
      fix: "Give one entry per index, the last index running fastest.",
    });
  if (data instanceof Float64Array) return { shape, data };
  const out = zerosFor("tensor", shape);
  try {
    for (let i = 0; i < size; i++) out.data[i] = numberFrom(data[i], shape, i);
  } catch (error) {
    if (error instanceof LtrnnError) throw error;
    fail("tensor", { expected: "data that can be read", got: show(data), fix: "Pass a plain or a typed array." });
  }
  return out;
}

/**
 * A tensor of zeros.
 *
 * @throws {@link LtrnnError} when it does not fit in memory
 * @example zeros([2, 2]).data // Float64Array [0, 0, 0, 0]
 */
export function zeros<const S extends Shape>(shape: S): Tensor<S> {
  checkShape("zeros", "shape", shape);
  return zerosFor("zeros", shape);
}

const entriesPerGiB = 134_217_728;

/** {@link zeros} of a shape known to be one, on behalf of `where`. */
export function zerosFor<const S extends Shape>(where: string, shape: S): Tensor<S> {
  const size = sizeOf(shape);
  try {
    return { shape, data: new Float64Array(size) };
  } catch {
    return fail(where, {
      expected: "a number of entries that memory holds",
      got: `${size} entries for shape ${shapeText(shape)}, ${(size / entriesPerGiB).toPrecision(3)} GiB`,
      fix: "Take smaller sizes, or work on a part at a time.",
    });
  }
}

function lengthOf(data: unknown): number {
  try {
    const { length } = data as ArrayLike<unknown>;
    if (typeof data === "object" && Number.isInteger(length)) return length;
  } catch {
    // refused below
  }
  return fail("tensor", {
    expected: "data to be an array of numbers",
    got: show(data),
    fix: "Pass a plain or a typed array, flat, in row-major order.",
  });
}

function numberFrom(entry: unknown, shape: Shape, position: number): number {
  if (typeof entry === "number") return entry;
  if (typeof entry === "bigint" && entry >= -9007199254740992n && entry <= 9007199254740992n) return Number(entry);
  return fail("tensor", {
    expected: typeof entry === "bigint" ? "whole numbers up to 2^53 in size, which a double holds" : "numbers in data",
    got: `${show(entry)} at index [${indexOf(shape, position).join(", ")}]`,
    fix: Array.isArray(entry)
      ? "Flatten nested arrays first: rows.flat(Infinity)."
      : typeof entry === "bigint"
        ? "Subtract an offset from all entries first, or divide them, so that they fit."
        : "Convert every entry to a number first; NaN stands for a missing one.",
  });
}
