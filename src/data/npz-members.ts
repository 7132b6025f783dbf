import { fail } from "../base";
import { inWords } from "./memory";
import { isNpy } from "./npy-header";
import { unzip, type ZipEntry } from "./unzip";

/** An array in an .npz file, or what its name says is one. */
export interface NpzMember {
  /** as NumPy calls it: without .npy at its end */
  readonly name: string;
  readonly file: ZipEntry;
}

/** How much a file may unpack to. */
export interface UnpackLimit {
  /** most bytes that all arrays read may take, unpacked, and then as doubles; default 2 GiB */
  readonly bytes?: number;
  /** most bytes unpacked per byte of the file; what is below 16 MiB is not held against it; default 1000 */
  readonly ratio?: number;
}

export const unpackLimitFields = {
  bytes: { is: "whole number", least: 0, fallback: 2147483648 },
  ratio: { is: "number", above: 0, fallback: 1000 },
} as const;

/** Whatever a small file unpacks to, this much does no harm: an array of zeros shrinks by more than a thousand. */
const harmless = 2 ** 24;

/**
 * The arrays in an .npz file: the files in it that begin as .npy files do, and those whose names end in .npy.
 *
 * Other files are no arrays: folders, notes, and what the Finder leaves under __MACOSX.
 */
export function npzMembers(where: string, bytes: Uint8Array): { members: NpzMember[]; others: ZipEntry[] } {
  const members: NpzMember[] = [],
    others: ZipEntry[] = [];
  const files = unzip(where, bytes);
  for (const file of files) {
    const named = file.name.endsWith(".npy") && !file.name.startsWith("__MACOSX/");
    const name = file.name.endsWith(".npy") ? file.name.slice(0, -4) : file.name;
    if (named || (!file.locked && isNpy(file.peek(6)))) members.push({ name, file });
    else others.push(file);
  }
  const twice = members.find(({ name }, i) => members.findIndex((other) => other.name === name) !== i);
  if (twice)
    fail(where, {
      expected: "arrays of different names",
      got: `two called ${twice.name}, one with .npy at its end`,
      fix: "Rename one of them in the zip.",
    });
  if (members.length === 0)
    fail(where, {
      expected: "an .npz file, a zip of .npy arrays",
      got: files.length === 0 ? "an empty zip" : `a zip of other files (${firstNames(files)})`,
      fix: "Make one with numpy.savez or writeNpz.",
    });
  return { members, others };
}

const firstNames = (files: readonly ZipEntry[]) =>
  files
    .slice(0, 3)
    .map(({ name }) => name)
    .join(", ");

/** Refuse files that unpack to more than the limit, before any is unpacked. */
export function checkUnpacked(where: string, files: readonly ZipEntry[], packed: number, limit: UnpackLimit): void {
  const { bytes = unpackLimitFields.bytes.fallback, ratio = unpackLimitFields.ratio.fallback } = limit;
  const total = files.reduce((sum, { size }) => sum + size, 0);
  if (total > bytes)
    fail(where, {
      expected: `at most ${inWords(bytes)} unpacked, the limit`,
      got: inWords(total),
      fix: `If you trust the file, allow more: { limit: { bytes: ${total} } }; or read fewer arrays with only.`,
    });
  if (total > harmless && total > ratio * packed)
    fail(where, {
      expected: `at most ${ratio} times the file unpacked, the limit`,
      got: `${inWords(total)} from ${inWords(packed)}`,
      fix: `If you trust the file, allow more: { limit: { ratio: ${Math.ceil(total / packed)} } }.`,
    });
}
