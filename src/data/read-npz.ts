import { fail, LtrnnError, readOptions, type FieldsOf } from "../base";
import { checkBytes } from "./bytes";
import { budgetOf, type Budget } from "./memory";
import type { NpyArray, NpyContent } from "./npy-array";
import { headerReach, parseNpyHeader } from "./npy-header";
import type { Int64 } from "./npy-numbers";
import { checkUnpacked, npzMembers, unpackLimitFields, type NpzMember, type UnpackLimit } from "./npz-members";
import { parseNpy } from "./parse-npy";

/** Options of {@link readNpz}. */
export interface ReadNpzOptions {
  /** names of the arrays to read; default all that can be read */
  readonly only?: readonly string[];
  /** whole numbers, dates and durations of 64 bits, as in `readNpy`; default "exact" */
  readonly int64?: Int64;
  readonly limit?: UnpackLimit;
}

const fields = {
  only: { is: "list", of: { is: "text" } },
  int64: { is: "name", of: ["exact", "rounded", "bigint"], fallback: "exact" },
  limit: { is: "record", of: unpackLimitFields, fallback: {} },
} as const satisfies FieldsOf<ReadNpzOptions>;

/**
 * The arrays in an .npz file by name, as `numpy.savez` and `savez_compressed` write them, each as {@link readNpy} gives it.
 *
 * With `only`, arrays of these names are read, and others may be of any kind. Without it, all are read that can be; one
 * that {@link readNpy} refuses, such as a pickle beside the data, does not keep the others from being read. It is no
 * entry of the record, and asking for it by name throws its error, as it does in NumPy. `listNpz` lists all of them, with the
 * reason where one is refused.
 *
 * @typeParam T - what the caller knows the file to hold; it is not checked here, and functions that take tensors refuse others
 * @param bytes - the whole file
 * @throws {@link LtrnnError} for files that are no zip or hold no array that can be read, that are truncated, fail a
 * checksum or contradict their directory, whose members overlap, or that unpack to more than the limit; for a name in
 * `only` that the file lacks (the message lists what it has, with shapes) or that {@link readNpy} refuses
 * @remarks `O(bytes)`. Names need not end in .npy; files in the zip that are no arrays are left out.
 * @example readNpz(writeNpz({ rates: zeros([3, 2]), cue: zeros([3]) }), { only: ["cue"] }).cue.shape // [3]
 */
export function readNpz<T extends Record<string, NpyContent> = Record<string, NpyArray>>(
  bytes: Uint8Array,
  options?: ReadNpzOptions,
): T {
  checkBytes("readNpz", bytes);
  const { only, int64, limit } = readOptions("readNpz", options, fields);
  const { members, others } = npzMembers("readNpz", bytes);
  const wanted = only ? only.map((name) => memberCalled(members, name)) : members;
  const files = wanted.map(({ file }) => file);
  const unlocked = others.filter(({ locked }) => !locked);
  checkUnpacked("readNpz", only ? files : [...files, ...unlocked], bytes.length, limit);
  // A damaged array could look like another file: only checksums tell.
  if (!only) for (const file of unlocked) file.unpack();

  const budget = budgetOf(limit.bytes ?? unpackLimitFields.bytes.fallback);
  const arrays = {};
  const refused: LtrnnError[] = [];
  for (const member of wanted) {
    const array = readMember("readNpz", member, int64, budget);
    const isRefused = array instanceof LtrnnError;
    if (isRefused && (only || refused.push(array) === wanted.length)) throw refused[0] ?? array;
    Object.defineProperty(arrays, member.name, isRefused ? asking(array) : entry(array));
  }
  return arrays as T;
}

/** The array of a member, or the error that says why there is none. A damaged zip throws. */
export function readMember(where: string, member: NpzMember, int64: Int64, budget: Budget): NpyContent | LtrnnError {
  const { name, file } = member;
  if (file.locked) return new LtrnnError(where, file.locked);
  const content = file.unpack();
  try {
    return parseNpy(where, name, content, int64, budget);
  } catch (error) {
    if (error instanceof LtrnnError) return error;
    throw error;
  }
}

const entry = (value: NpyContent): PropertyDescriptor => ({
  value,
  enumerable: true,
  configurable: true,
  writable: true,
});

/** A property that is not there, but says why when it is asked for. */
const asking = (error: LtrnnError): PropertyDescriptor => ({
  enumerable: false,
  configurable: true,
  get: () => {
    throw error;
  },
});

function memberCalled(members: readonly NpzMember[], wanted: string): NpzMember {
  const found = members.find(({ name }) => name === wanted);
  if (found) return found;
  const names = members.slice(0, 20).map(inFewWords).join(", ");
  return fail("readNpz", {
    expected: `an array called ${wanted.slice(0, 100)}`,
    got: `a file with ${names}${members.length > 20 ? ` and ${members.length - 20} more` : ""}`,
    fix: "Ask for one of these.",
  });
}

function inFewWords({ name, file }: NpzMember): string {
  try {
    const { shape, dtype } = parseNpyHeader("readNpz", name, file.peek(headerReach));
    return `${name} (${dtype === "structured" ? dtype : shape.join(" × ")})`;
  } catch (error) {
    if (error instanceof LtrnnError) return `${name} (not readable)`;
    throw error;
  }
}
