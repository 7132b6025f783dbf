import type { Dataset } from "h5wasm";
import { fail } from "../base";
import type { NpyArray, NpyText } from "../data";
import { sizeOf } from "../tensor";

/** Numbers or text of a dataset, row-major as HDF5 has them. */
export type Hdf5Content = NpyArray | NpyText;

/** Doubles hold whole numbers up to this. */
const exact = 9007199254740991n;

/** The numbers or the text of a dataset; whatever else it holds is refused. */
export function contentOf(where: string, dataset: Dataset, limit: number): Hdf5Content {
  const { path } = dataset,
    shape = dataset.shape ?? undefined,
    dtype = typeof dataset.dtype === "string" ? dataset.dtype : "record";
  if (!shape) return refuse(where, path, "no value (a null dataset)");
  const entries = sizeOf(shape);
  if (8 * entries > limit)
    fail(where, {
      expected: `datasets of at most ${limit} bytes as doubles, the limit`,
      got: `${8 * entries} for ${path}`,
      fix: `If you trust the file, allow more: { limit: { bytes: ${8 * entries} } }; or read fewer with only.`,
    });
  const isTruth = isBoolean(dataset);
  if (dtype === "record" || dtype === "Reference" || (dtype === "unknown" && !isTruth))
    return refuse(where, path, dtype === "unknown" ? "values of a type that is not read" : `values of type ${dtype}`);
  if (dtype.endsWith("e")) return refuse(where, path, "numbers of half precision, which h5wasm does not read");
  const value: unknown = dataset.value;
  if (typeof value === "string" || (Array.isArray(value) && value.every((one) => typeof one === "string"))) {
    const data = (typeof value === "string" ? [value] : value) as string[];
    return { shape, data, dtype };
  }
  const list = typeof value === "number" || typeof value === "bigint" ? [value] : (value as ArrayLike<unknown>);
  const data = new Float64Array(entries);
  if (!list || list.length !== entries) return refuse(where, path, "values of a type that is not read");
  for (let i = 0; i < entries; i++) {
    const one = list[i];
    if (typeof one === "bigint" && (one > exact || one < -exact))
      fail(where, {
        expected: "whole numbers that doubles hold exactly",
        got: `${one} as entry ${i} of ${path}`,
        fix: "Subtract an offset before saving.",
      });
    if (typeof one !== "number" && typeof one !== "bigint" && typeof one !== "boolean")
      return refuse(where, path, "values of a type that is not read");
    data[i] = Number(one);
  }
  return { shape, data, dtype: isTruth ? "|b1" : dtype };
}

/** How h5py and pynwb save booleans: an enumeration of FALSE and TRUE. */
function isBoolean({ metadata }: Dataset): boolean {
  const members = metadata.enum_type?.members;
  return members !== undefined && Object.keys(members).sort().join() === "FALSE,TRUE";
}

const refuse = (where: string, path: string, got: string): never =>
  fail(where, { expected: "numbers or text", got: `${got} at ${path}`, fix: "Name the others with only." });
