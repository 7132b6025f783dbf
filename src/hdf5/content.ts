import type { Dataset } from "h5wasm";
import { fail } from "../base";
import type { NpyArray, NpyText } from "../data";
import { sizeOf } from "../tensor";
import { checkClaim, type Claims } from "./claims";

/** Numbers or text of a dataset, row-major as HDF5 has them. */
export type Hdf5Content = NpyArray | NpyText;

/** The classes of whole and of floating-point numbers, as HDF5 counts them. */
const whole = 0,
  floating = 1;
/** The last filter of HDF5 itself; all others are plugins. */
const lastOwnFilter = 6;

/** The numbers or the text of a dataset; whatever else it holds is refused. */
export function contentOf(where: string, dataset: Dataset, claims: Claims): Hdf5Content {
  const { path } = dataset,
    metadata = metadataOf(where, dataset),
    { array_type: inner } = metadata, // where every entry is an array itself
    said: unknown = inner && Array.isArray(dataset.dtype) ? dataset.dtype[0] : dataset.dtype,
    dtype = typeof said === "string" ? said : "record";
  if (!metadata.shape) return refuse(where, path, "no value (a null dataset)");
  const shape = [...metadata.shape, ...(inner?.shape ?? [])];
  const entries = sizeOf(shape);
  const { type, size, enum_type: enumeration } = inner ?? metadata;
  if (dtype === "record" || dtype === "Reference" || (dtype === "unknown" && !enumeration))
    return refuse(where, path, dtype === "unknown" ? "values of a type that is not read" : `values of type ${dtype}`);
  if (type === floating && size !== 4 && size !== 8)
    return refuse(where, path, `numbers of ${size === 2 ? "half" : "extended"} precision, which h5wasm does not read`);
  const read = readValue(where, dataset, claims),
    value = inner && Array.isArray(read) ? read.flat(Infinity) : read;
  if (typeof value === "string" || (Array.isArray(value) && value.every((one) => typeof one === "string"))) {
    const data = (typeof value === "string" ? [value] : value) as string[];
    return { shape, data, dtype };
  }
  const list = typeof value === "number" || typeof value === "bigint" ? [value] : (value as ArrayLike<unknown>);
  const data = new Float64Array(entries),
    isWhole = inner !== undefined && type === whole; // h5wasm reads these as doubles
  if (!list || list.length !== entries) return refuse(where, path, "values of a type that is not read");
  for (let i = 0; i < entries; i++) {
    const one = list[i];
    const isRounded = typeof one === "bigint" ? BigInt(Number(one)) !== one : isWhole && !Number.isSafeInteger(one);
    if (isRounded)
      fail(where, {
        expected: "whole numbers that doubles hold exactly",
        got: `${one} as entry ${i} of ${path}`,
        fix: "Subtract an offset before saving.",
      });
    if (typeof one !== "number" && typeof one !== "bigint" && typeof one !== "boolean")
      return refuse(where, path, "values of a type that is not read");
    data[i] = Number(one);
  }
  // h5py and pynwb save booleans as an enumeration
  const isTruth =
    Object.keys(enumeration?.members ?? {})
      .sort()
      .join() === "FALSE,TRUE";
  return { shape, data, dtype: isTruth ? "|b1" : enumeration ? "enum" : dtype };
}

function metadataOf(where: string, dataset: Dataset): Dataset["metadata"] {
  try {
    return dataset.metadata;
  } catch (error) {
    if (/not supported/.test(String(error))) return refuse(where, dataset.path, "values of a type that is not read");
    throw error;
  }
}

/** The value as h5wasm reads it, within the limits; where it lacks a filter, an error of this dataset alone. */
export function readValue(where: string, dataset: Dataset, claims: Claims): unknown {
  checkClaim(where, dataset, claims);
  try {
    return dataset.value;
  } catch (error) {
    const filter = dataset.filters.find(({ id }) => id > lastOwnFilter);
    if (!filter || error instanceof WebAssembly.RuntimeError) throw error;
    return fail(where, {
      expected: "data that filters of HDF5 itself have compressed",
      got: `${filter.name || `filter ${filter.id}`}, a plugin, at ${dataset.path}`,
      fix: 'Save it with compression="gzip", or copy the file by h5repack -f GZIP=4.',
    });
  }
}

const refuse = (where: string, path: string, got: string): never =>
  fail(where, { expected: "numbers or text", got: `${got} at ${path}`, fix: "Name the others with only." });
