import { readOptions, type FieldsOf } from "../base";
import type { Tensor } from "../tensor";
import { checkBytes } from "./bytes";
import { budgetOf } from "./memory";
import type { NpyArray, NpyContent } from "./npy-array";
import type { Int64 } from "./npy-numbers";
import { parseNpy } from "./parse-npy";

/** Options of {@link readNpy}. */
export interface ReadNpyOptions {
  /**
   * whole numbers, dates and durations of 64 bits: "exact" refuses those that no double holds, "rounded" gives the
   * nearest doubles, "bigint" gives all of them as BigInt64Array or BigUint64Array; default "exact"
   */
  readonly int64?: Int64;
  /** most bytes that the array may take, 8 per entry; default 2 GiB */
  readonly limit?: { readonly bytes?: number };
}

const limitFields = { bytes: { is: "whole number", least: 0, fallback: 2147483648 } } as const;
const fields = {
  int64: { is: "name", of: ["exact", "rounded", "bigint"], fallback: "exact" },
  limit: { is: "record", of: limitFields, fallback: {} },
} as const satisfies FieldsOf<ReadNpyOptions>;

/**
 * An array from the bytes of an .npy file, as `numpy.save` writes it.
 *
 * Real numbers of every size and byte order are read (f2 f4 f8, i1 to i8, u1 to u8, b1 as 0 and 1) and become doubles;
 * text (U, S) becomes strings; dates and durations (M8, m8) become numbers with their `unit`, and NaT becomes NaN.
 * Fortran order becomes row-major, a scalar gets shape []. NaN and infinities stay: the caller decides whether they
 * mean "missing".
 *
 * @typeParam T - what the caller knows the file to hold, such as `Tensor3`; it is not checked here, and whatever takes
 * a tensor checks it
 * @param bytes - the whole file
 * @throws {@link LtrnnError} for objects (pickles), complex numbers, records and extended precision, for 64-bit whole
 * numbers that no double holds (see `int64`), for arrays beyond the limit, and for files that are no .npy, have a
 * header over 10 000 bytes, are damaged, truncated or longer than their header says
 * @remarks `O(bytes)`, and 8 bytes per entry.
 * @see numpy's NEP 1 (versions 1.0 and 2.0) and `numpy.lib.format` (version 3.0)
 * @example readNpy(writeNpy(tensor([2, 3], [1, 2, 3, 4, 5, 6]))).shape // [2, 3]
 */
export function readNpy<T extends NpyContent | Tensor = NpyArray>(bytes: Uint8Array, options?: ReadNpyOptions): T {
  checkBytes("readNpy", bytes);
  const { int64, limit } = readOptions("readNpy", options, fields);
  const budget = budgetOf(limit.bytes ?? limitFields.bytes.fallback);
  return parseNpy("readNpy", "the array", bytes, int64, budget) as T;
}
