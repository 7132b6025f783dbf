import { fail, LtrnnError } from "../base";
import type { Shape } from "../tensor";
import type { Budget } from "./memory";
import type { NpyContent } from "./npy-array";
import { headerReach, isNpy, parseNpyHeader } from "./npy-header";
import type { Int64 } from "./npy-numbers";
import { parseNpy } from "./parse-npy";
import { unzip, type ZipEntry } from "./unzip";

/** An array in an .npz file, or what its name says is one. */
export interface NpzMember {
  /** as NumPy calls it: without .npy at its end */
  readonly name: string;
  readonly file: ZipEntry;
}

/** What is in an .npz file. */
export interface NpzFiles {
  /** by name: the files that begin as .npy files do, and those whose names end in .npy */
  readonly members: ReadonlyMap<string, NpzMember>;
  /** no arrays: folders, notes, and what the Finder leaves under __MACOSX */
  readonly others: readonly ZipEntry[];
}

/** The arrays in an .npz file, and the other files in it. */
export function npzFiles(where: string, bytes: Uint8Array): NpzFiles {
  const members = new Map<string, NpzMember>(),
    others: ZipEntry[] = [];
  for (const file of unzip(where, bytes)) {
    const ends = file.name.endsWith(".npy"),
      name = ends ? file.name.slice(0, -4) : file.name;
    const isMember = (ends && !name.startsWith("__MACOSX/")) || (!file.locked && isNpy(file.peek(6)));
    if (!isMember) others.push(file);
    else if (!members.has(name)) members.set(name, { name, file });
    else
      fail(where, {
        expected: "arrays of different names",
        got: `two called ${name}, one with .npy at its end`,
        fix: "Rename one of them in the zip.",
      });
  }
  if (members.size === 0) refuseNoArrays(where, others);
  return { members, others };
}

function refuseNoArrays(where: string, others: readonly ZipEntry[]): never {
  const names = others.slice(0, 3).map(({ name }) => name);
  fail(where, {
    expected: "an .npz file, a zip of .npy arrays",
    got: others.length === 0 ? "an empty zip" : `a zip of other files (${names.join(", ")})`,
    fix: "Make one with numpy.savez or writeNpz.",
  });
}

/** The array of a member, or the error that says why it is not read. A damaged zip throws. */
export function readMember(where: string, member: NpzMember, int64: Int64, budget: Budget): NpyContent | LtrnnError {
  const { name, file } = member;
  if (file.locked) return new LtrnnError(where, file.locked);
  const content = file.unpack();
  return orRefusal(() => parseNpy(where, name, content, int64, budget));
}

/** Shape and type of a member, from its header alone; undefined where that cannot be read. */
export function typeOfMember(
  where: string,
  { name, file }: NpzMember,
): { readonly shape: Shape; readonly dtype: string } | undefined {
  if (file.locked) return undefined;
  const header = orRefusal(() => parseNpyHeader(where, name, file.peek(headerReach)));
  return header instanceof LtrnnError ? undefined : { shape: header.shape, dtype: header.dtype };
}

/** What `read` gives, or our error as a value. */
function orRefusal<T>(read: () => T): T | LtrnnError {
  try {
    return read();
  } catch (error) {
    if (error instanceof LtrnnError) return error;
    throw error;
  }
}
