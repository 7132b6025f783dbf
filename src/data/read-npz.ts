import { fail, LtrnnError, readOptions, type FieldsOf } from "../base";
import type { Tensor } from "../tensor";
import { checkBytes } from "./bytes";
import { budgetOf } from "./memory";
import type { NpyArray, NpyContent } from "./npy-array";
import type { Int64 } from "./npy-numbers";
import { recordOf } from "./record-of";
import { npzFiles, readMember, typeOfMember, type NpzMember } from "./npz-members";
import { checkUnpacked, unpackLimitFields, type UnpackLimit } from "./unpack-limit";

/** Options of {@link readNpz}. */
export interface ReadNpzOptions {
  /** names of the arrays to read; default all that can be read */
  readonly only?: readonly string[];
  /** whole numbers, dates and durations of 64 bits, as in `readNpy`; default "exact" */
  readonly int64?: Int64;
  /** how much may be unpacked; defaults: see {@link UnpackLimit} */
  readonly limit?: UnpackLimit;
}

const fields = {
  only: { is: "list", of: { is: "text" } },
  int64: { is: "name", of: ["exact", "rounded", "bigint"], fallback: "exact" },
  limit: { is: "record", of: unpackLimitFields, fallback: {} },
} as const satisfies FieldsOf<ReadNpzOptions>;

/**
 * The arrays of an .npz file by name, as `numpy.savez` and `savez_compressed` write them, each read by {@link readNpy}.
 *
 * With `only`, arrays of these names are read, and others may be of any kind. Without it, all are read that can be; one
 * that {@link readNpy} refuses, such as a pickle beside the data, does not prevent reading the others: it is not an
 * entry of the record, and accessing it by name throws its error, as in NumPy. {@link listNpz} lists all of them, with
 * the reason where one is refused.
 *
 * @typeParam T - what the caller knows the file to hold, such as `{ rates: Tensor3; cue: Tensor }`; it is not checked
 * here, and whatever takes a tensor checks it
 * @param bytes - the whole file
 * @throws {@link LtrnnError} for files that are no zip or hold no array that can be read, that are truncated, fail a
 * checksum or contradict their directory, whose members overlap, or that unpack to more than the limit; for a name in
 * `only` that the file lacks (the message lists what it has, with shapes) or that {@link readNpy} refuses
 * @remarks `O(bytes)`. Names need not end in .npy; files in the zip that are no arrays are left out.
 * @example readNpz(writeNpz({ rates: zeros([3, 2]), cue: zeros([3]) }), { only: ["cue"] }).cue.shape // [3]
 */
export function readNpz<T extends Record<string, NpyContent | Tensor> = Record<string, NpyArray>>(
  bytes: Uint8Array,
  options?: ReadNpzOptions,
): T {
  checkBytes("readNpz", bytes);
  const { only, int64, limit } = readOptions("readNpz", options, fields);
  const filled = limit as Required<UnpackLimit>; // by readOptions
  const files = npzFiles("readNpz", bytes);
  const wanted = only ? only.map((name) => memberCalled(files.members, name)) : [...files.members.values()];
  // A damaged array could look like another file, which only its checksum tells.
  const verified = only ? [] : files.others.filter(({ locked }) => !locked);
  const sizes = [...wanted.map(({ file }) => file), ...verified].map(({ size }) => size);
  checkUnpacked("readNpz", sizes, bytes.length, filled);
  for (const file of verified) file.unpack();

  const budget = budgetOf(filled.bytes);
  const read = wanted.map((member) => ({ name: member.name, array: readMember("readNpz", member, int64, budget) }));
  const refusals = read.map(({ array }) => array).filter((array) => array instanceof LtrnnError);
  if (refusals.length > 0 && (only || refusals.length === read.length)) throw refusals[0];
  return recordOf(read.map(({ name, array }) => ({ name, content: array }))) as T;
}

function memberCalled(members: ReadonlyMap<string, NpzMember>, wanted: string): NpzMember {
  const found = members.get(wanted);
  if (found) return found;
  const names = Array.from(members.values()).slice(0, 20).map(inFewWords);
  return fail("readNpz", {
    expected: `an array called ${wanted.slice(0, 100)}`,
    got: `a file with ${names.join(", ")}${members.size > 20 ? ` and ${members.size - 20} more` : ""}`,
    fix: "Ask for one of these.",
  });
}

function inFewWords(member: NpzMember): string {
  const type = typeOfMember("readNpz", member);
  const words = type ? (type.dtype === "structured" ? type.dtype : type.shape.join(" × ")) : "not readable";
  return `${member.name} (${words})`;
}
