import type { File, Group } from "h5wasm";
import { fail, LtrnnError, readOptions, type FieldsOf } from "../base";
import { recordOf, type NpyArray } from "../data";
import type { Tensor } from "../tensor";
import { claimsOf, limitField } from "./claims";
import { contentOf, type Hdf5Content } from "./content";
import { withFile, type H5 } from "./with-file";

/** Options of {@link readHdf5}. */
export interface ReadHdf5Options {
  /** paths of datasets, such as "trials/rates"; default all that can be read */
  readonly only?: readonly string[];
  /**
   * most bytes that one dataset may take as doubles, default 2 GiB; and bytes per byte of the file, counted where they
   * are more than 16 MiB, default 1000
   */
  readonly limit?: { readonly bytes?: number; readonly ratio?: number };
}

const fields = {
  only: { is: "list", of: { is: "text" } },
  limit: limitField,
} as const satisfies FieldsOf<ReadHdf5Options>;

/**
 * The datasets of an HDF5 file by path, without the first slash: numbers as tensors, text as rows of text. A dataset
 * that is refused, such as records or references, does not keep the others from being read: reading it by path throws
 * its error.
 *
 * @typeParam T - what the caller knows the file to hold; it is not checked here
 * @param bytes - the whole file
 * @throws LtrnnError for what is no HDF5 file or a damaged one, for a path in `only` that the file lacks or that
 * is refused, and where the package h5wasm is not installed
 * @remarks O(bytes), and a copy of the file in memory.
 * @example (await readHdf5(hdf5File))["a/x"].shape // [2, 3, 4]
 */
export function readHdf5<T extends Record<string, Hdf5Content | Tensor> = Record<string, NpyArray>>(
  bytes: Uint8Array,
  options?: ReadHdf5Options,
): Promise<T> {
  const where = "readHdf5",
    { only, limit } = readOptions(where, options, fields),
    claims = claimsOf(limit, bytes);
  return withFile(where, bytes, (file, h5wasm) => {
    const wanted = only ?? pathsIn(file, h5wasm);
    const read = wanted.map((path) => {
      const found = only ? entityAt(file, path) : file.get(path);
      if (!(found instanceof h5wasm.Dataset))
        return fail(where, {
          expected: `a dataset at ${path.slice(0, 200)}`,
          got: `a file with ${pathsIn(file, h5wasm).slice(0, 20).join(", ")}`,
          fix: "Ask for one of these.",
        });
      return { name: path, content: orError(() => contentOf(where, found, claims)) };
    });
    const refusals = read.map(({ content }) => content).filter((content) => content instanceof LtrnnError);
    if (refusals.length > 0 && (only || refusals.length === read.length)) throw refusals[0];
    return recordOf(read) as T;
  });
}

/** What is at a path, or nothing. */
export function entityAt(group: Group, path: string): unknown {
  try {
    return group.get(path);
  } catch {
    return undefined;
  }
}

/** What is read, or why it is refused. */
export function orError<T>(read: () => T): T | LtrnnError {
  try {
    return read();
  } catch (error) {
    if (error instanceof LtrnnError) return error;
    throw error;
  }
}

/** Paths of all datasets. A group that several links lead to is visited once; soft links to groups are not followed. */
const pathsIn = (file: File, { Dataset }: H5): string[] =>
  file.paths().filter((path) => entityAt(file, path) instanceof Dataset);
