import { fail } from "../base";
import { sizeOf, type Shape, type Tensor } from "../tensor";
import { checkBytes } from "./bytes";
import { bytesPerNumber, readNumbers } from "./npy-dtype";
import { parseNpyHeader } from "./npy-header";

/** A tensor that also says which type its numbers had in the file. */
export interface NpyArray<S extends Shape = Shape> extends Tensor<S> {
  /** numpy's type string, such as "<f4" or "|b1" */
  readonly dtype: string;
}

/**
 * A tensor from the bytes of an .npy file, as `numpy.save` writes it.
 *
 * Real little-endian numbers of every size are read (f2 f4 f8, i1 to i8, u1 to u8, b1 as 0 and 1) and become doubles; Fortran order becomes row-major, a
 * scalar gets shape []. NaN and infinities stay: whether they mean "missing" is for the caller to say.
 *
 * @param bytes - the whole file
 * @throws {@link LtrnnError} for objects (pickles), text, complex, structured or big-endian arrays, for whole numbers of 2^53 and more, and for files
 * that are no .npy, damaged, truncated or longer than their header says
 * @remarks `O(bytes)`, and 8 bytes per number.
 * @see numpy's NEP 1 (versions 1.0 and 2.0) and `numpy.lib.format` (version 3.0)
 * @example readNpy(writeNpy(tensor([2, 3], [1, 2, 3, 4, 5, 6]))).shape // [2, 3]
 */
export function readNpy(bytes: Uint8Array): NpyArray {
  checkBytes("readNpy", bytes);
  return parseNpy("readNpy", "the array", bytes);
}

/** An array called `name`, for the function `where`. */
export function parseNpy(where: string, name: string, bytes: Uint8Array): NpyArray {
  const { dtype, fortranOrder, shape, start } = parseNpyHeader(where, name, bytes);
  const width = bytesPerNumber(where, name, dtype);
  const need = sizeOf(shape) * width,
    have = bytes.length - start;
  if (have !== need)
    fail(where, {
      expected: `${need} bytes of numbers for shape (${shape.join(" × ")}) of ${dtype}`,
      got: `${have} in ${name}`,
      fix:
        have < need
          ? "The file is cut short: copy or save it again."
          : "Save one array per .npy file; several go into an .npz.",
    });
  const numbers = readNumbers(where, name, dtype, bytes.subarray(start));
  return { shape, data: fortranOrder ? rowMajor(shape, numbers) : numbers, dtype };
}

/** From Fortran order, first index fastest, to ours, last index fastest. */
function rowMajor(shape: Shape, numbers: Float64Array): Float64Array {
  const out = new Float64Array(numbers.length);
  const strides = shape.map((_, mode) => sizeOf(shape.slice(mode + 1)));
  const index = new Array<number>(shape.length).fill(0);
  for (let from = 0, to = 0; from < numbers.length; from++) {
    out[to] = numbers[from];
    for (let mode = 0; mode < shape.length; mode++) {
      to += strides[mode];
      if (++index[mode] < shape[mode]) break;
      to -= strides[mode] * shape[mode];
      index[mode] = 0;
    }
  }
  return out;
}
