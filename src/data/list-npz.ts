import { LtrnnError, readOptions, type FieldsOf } from "../base";
import type { Shape } from "../tensor";
import { checkBytes } from "./bytes";
import { budgetOf } from "./memory";
import { headerReach, parseNpyHeader } from "./npy-header";
import { checkUnpacked, npzMembers, unpackLimitFields, type NpzMember, type UnpackLimit } from "./npz-members";
import { readMember } from "./read-npz";

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
  readonly limit?: UnpackLimit;
}

const fields = {
  limit: { is: "record", of: unpackLimitFields, fallback: {} },
} as const satisfies FieldsOf<ListNpzOptions>;

/**
 * The names, shapes and types of the arrays in an .npz file, those that {@link readNpz} refuses among them, with the reason.
 *
 * @throws {@link LtrnnError} for files that are no zip, hold no arrays, are truncated, fail a checksum, contradict their
 * directory or unpack to more than the limit
 * @remarks `O(bytes)`: every array is unpacked, checked and dropped, one at a time.
 * @example listNpz(writeNpz({ rates: zeros([3, 2]) })) // [{ name: "rates", shape: [3, 2], dtype: "<f8" }]
 */
export function listNpz(bytes: Uint8Array, options?: ListNpzOptions): NpzEntry[] {
  checkBytes("listNpz", bytes);
  const { limit } = readOptions("listNpz", options, fields);
  const { members } = npzMembers("listNpz", bytes);
  checkUnpacked(
    "listNpz",
    members.map(({ file }) => file),
    bytes.length,
    limit,
  );
  return members.map((member) => entryOf(member, limit.bytes ?? unpackLimitFields.bytes.fallback));
}

function entryOf(member: NpzMember, limit: number): NpzEntry {
  const { name } = member;
  const array = readMember("listNpz", member, "exact", budgetOf(limit));
  if (!(array instanceof LtrnnError)) return { name, shape: array.shape, dtype: array.dtype };
  return { name, ...typeOf(member), refused: array.message.replace(/^listNpz: /, "") };
}

/** Shape and type of an array that is refused, as far as its header says. */
function typeOf({ name, file }: NpzMember): Pick<NpzEntry, "shape" | "dtype"> {
  const unknown = { shape: [], dtype: "unknown" };
  if (file.locked) return unknown;
  try {
    const { shape, dtype } = parseNpyHeader("listNpz", name, file.peek(headerReach));
    return { shape, dtype };
  } catch (error) {
    if (error instanceof LtrnnError) return unknown;
    throw error;
  }
}
