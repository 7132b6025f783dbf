import { fail, failingAs, isRecord, readOptions, show, type FieldsOf } from "../base";
import { fileSchema, recordName } from "./arrays-beside";
import { JsonDecoder } from "./json-decoder";
import type { NpyArray, NpyText } from "./npy-array";
import { readNpz, type ReadNpzOptions } from "./read-npz";
import { unpackLimitFields } from "./unpack-limit";

const fields = {
  limit: { is: "record", of: unpackLimitFields, fallback: {} },
} as const satisfies FieldsOf<Pick<ReadNpzOptions, "limit">>;

/**
 * The record that {@link saveResult} saved, equal to it to the last bit. A model comes back as the record of its
 * `toJSON`: pass it to `modelFromJson`. Results of earlier formats are converted to the current one, as by
 * {@link fromJson}.
 *
 * @typeParam T - what the caller knows the record to be; it is not checked
 * @param bytes - the whole file
 * @throws {@link LtrnnError} when the file is no .npz, is damaged, was not made by `saveResult`, or is of a later form
 * @remarks `O(size)`.
 * @example loadResult<{ x: Vector }>(saveResult({ x: tensor([2], [1, -0]) })).x.data // Float64Array [1, -0]
 */
export function loadResult<T = unknown>(bytes: Uint8Array, options: Pick<ReadNpzOptions, "limit"> = {}): T {
  const where = "loadResult";
  readOptions(where, options, fields);
  const arrays = failingAs(where, () => readNpz<Record<string, NpyArray | NpyText>>(bytes, options)),
    { schema, result } = recordIn(arrays);
  if (schema !== fileSchema)
    fail(where, {
      expected: `a file of the form ${fileSchema}`,
      got: `one of the form ${show(schema)}`,
      fix: "Install the version of ltrnn that saved it, or a later one.",
    });
  const doubles = new Map<string, Float64Array>();
  for (const [name, { data }] of Object.entries(arrays)) if (data instanceof Float64Array) doubles.set(name, data);
  return new JsonDecoder(where, refuse, doubles).decode(result) as T;
}

/** The text among the arrays, parsed. */
function recordIn(arrays: Readonly<Record<string, NpyArray | NpyText>>) {
  const found = Object.hasOwn(arrays, recordName) ? arrays[recordName] : undefined,
    text: unknown = found?.shape.length === 0 ? found.data[0] : undefined;
  try {
    const record: unknown = JSON.parse(text as string);
    if (typeof text === "string" && isRecord(record) && "result" in record && isRecord(record.result)) return record;
  } catch {
    // refused below
  }
  return refuse(found ? `another array ${recordName}` : `arrays without ${recordName}`);
}

const refuse = (got: string): never =>
  fail("loadResult", { expected: "a file that saveResult made", got, fix: "Read arrays with readNpz." });
