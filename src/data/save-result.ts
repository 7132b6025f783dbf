import { fail, failingAs, isRecord, show } from "../base";
import { fileSchema, recordName, takeArraysOut } from "./arrays-beside";
import { formatNpy, formatTextNpy } from "./format-npy";
import { toJson } from "./to-json";
import { zipOfArrays } from "./zip-of-arrays";

/**
 * The bytes of an .npz file of a result: a fit, a decomposition, a snapshot, or any record that {@link toJson} takes.
 * Every tensor in it is an array named by its path, such as "model.params.a" or "prediction", which `numpy.load`
 * reads; the rest is text in the array "record". {@link loadResult} gives the record back.
 *
 * @throws {@link LtrnnError} for what is no record, for what `toJson` refuses, and for more than 2 GiB
 * @remarks `O(size)`.
 * @example Object.keys(readNpz(saveResult({ loss: 1, factors: [zeros([3, 2])] }))) // ["factors.0", "record"]
 */
export function saveResult(result: unknown): Uint8Array<ArrayBuffer> {
  const where = "saveResult",
    plain: unknown = JSON.parse(failingAs(where, () => toJson(result)));
  if (!isRecord(plain) || Object.hasOwn(plain, "$"))
    fail(where, { expected: "a result, which is a record", got: show(result), fix: "Pass what a fit or cpAls gave." });
  const [rest, arrays] = takeArraysOut(plain),
    text = JSON.stringify({ schema: fileSchema, result: rest });
  return zipOfArrays(where, [
    ...[...arrays].map(([name, x]) => ({ name, bytes: 8 * x.data.length, content: () => formatNpy(x) })),
    { name: recordName, bytes: 4 * text.length, content: () => formatTextNpy(text) },
  ]);
}
