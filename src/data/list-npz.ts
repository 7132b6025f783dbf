import { LtrnnError, readOptions, type FieldsOf } from "../base";
import type { Shape } from "../tensor";
import { checkBytes } from "./bytes";
import { budgetOf } from "./memory";
import { npzFiles, readMember, typeOfMember, type NpzMember } from "./npz-members";
import { checkUnpacked, unpackLimitFields, type UnpackLimit } from "./unpack-limit";

/** What an .npz holds under a name. */
export interface NpzEntry {
  readonly name: string;
  readonly shape: Shape;
  /** the type as NumPy spells it, such as "<f4"; "structured" for records, "unknown" where the header cannot be read */
  readonly dtype: string;
  /** why `readNpz` refuses it, and what to do; absent where it does not */
  readonly refused?: string;
}

/** Options of {@link listNpz}. */
export interface ListNpzOptions {
  /** how much may be unpacked; defaults: see {@link UnpackLimit} */
  readonly limit?: UnpackLimit;
}

const fields = {
  limit: { is: "record", of: unpackLimitFields, fallback: {} },
} as const satisfies FieldsOf<ListNpzOptions>;

/**
 * Names, shapes and types of the arrays in an .npz file. Those that {@link readNpz} refuses are listed with the reason.
 *
 * @throws {@link LtrnnError} for files that are no zip or hold no arrays, that are truncated, fail a checksum or
 * contradict their directory, or that unpack to more than the limit
 * @remarks `O(bytes)`: every array is unpacked, checked and dropped, one at a time.
 * @example listNpz(writeNpz({ rates: zeros([3, 2]) })) // [{ name: "rates", shape: [3, 2], dtype: "<f8" }]
 */
export function listNpz(bytes: Uint8Array, options?: ListNpzOptions): NpzEntry[] {
  checkBytes("listNpz", bytes);
  const { limit } = readOptions("listNpz", options, fields);
  const filled = limit as Required<UnpackLimit>; // by readOptions
  const members = [...npzFiles("listNpz", bytes).members.values()];
  const sizes = members.map(({ file }) => file.size);
  checkUnpacked("listNpz", sizes, bytes.length, filled);
  return members.map((member) => entryOf(member, filled.bytes));
}

function entryOf(member: NpzMember, limit: number): NpzEntry {
  const { name } = member,
    array = readMember("listNpz", member, "exact", budgetOf(limit));
  if (!(array instanceof LtrnnError)) return { name, shape: array.shape, dtype: array.dtype };
  const type = typeOfMember("listNpz", member) ?? { shape: [], dtype: "unknown" };
  return { name, ...type, refused: `expected ${array.expected}, got ${array.got}. ${array.fix}` };
}
