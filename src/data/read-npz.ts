import { fail } from "../base";
import type { Shape } from "../tensor";
import { checkBytes } from "./bytes";
import { parseNpyHeader } from "./npy-header";
import { parseNpy, type NpyArray } from "./read-npy";
import { unzip, type ZipEntry } from "./unzip";

/** What an .npz holds under a name. */
export interface NpzEntry {
  readonly name: string;
  readonly shape: Shape;
  /** numpy's type string, such as "<f4"; "structured" for records */
  readonly dtype: string;
}

/**
 * The arrays in an .npz file by name, as `numpy.savez` and `savez_compressed` write them, each as {@link readNpy} gives it.
 *
 * With `only`, arrays of these names are read, and others may be of any kind; without it, all.
 *
 * @param bytes - the whole file
 * @throws {@link LtrnnError} where {@link readNpy} throws, for files that are no zip, hold no arrays, are truncated or fail a checksum, and for
 * a name in `only` that the file lacks (the message lists what it has, with shapes)
 * @remarks `O(bytes)`. Files in the zip that do not end in .npy are no arrays, and left out. A zip of 2 GB or more is refused.
 * @example readNpz(writeNpz({ rates: zeros([3, 2]), cue: zeros([3]) }), { only: ["cue"] }).cue.shape // [3]
 */
export function readNpz(
  bytes: Uint8Array,
  { only }: { readonly only?: readonly string[] } = {},
): Record<string, NpyArray> {
  checkBytes("readNpz", bytes);
  const files = arrayFiles("readNpz", bytes);
  const missing = only?.find((name) => !files.some((file) => nameOf(file) === name));
  if (missing !== undefined) {
    const has = files
      .map((file) => describe("readNpz", file))
      .map(({ name, shape, dtype }) => `${name} (${dtype === "structured" ? dtype : shape.join(" × ")})`);
    fail("readNpz", {
      expected: `an array called ${missing}`,
      got: `a file with ${has.join(", ")}`,
      fix: "Ask for one of these.",
    });
  }
  const wanted = only ? files.filter((file) => only.includes(nameOf(file))) : files;
  return Object.fromEntries(wanted.map((file) => [nameOf(file), parseNpy("readNpz", nameOf(file), file.unpack())]));
}

/**
 * The names, shapes and types of the arrays in an .npz file, without converting their numbers; it lists arrays of every kind, also those that
 * {@link readNpz} refuses. A structured array is listed with shape [].
 *
 * @throws {@link LtrnnError} for files that are no zip, hold no arrays, are truncated or fail a checksum
 * @remarks `O(bytes)`: everything is unpacked and its checksum verified.
 * @example listNpz(writeNpz({ rates: zeros([3, 2]) })) // [{ name: "rates", shape: [3, 2], dtype: "<f8" }]
 */
export function listNpz(bytes: Uint8Array): NpzEntry[] {
  checkBytes("listNpz", bytes);
  return arrayFiles("listNpz", bytes).map((file) => describe("listNpz", file));
}

function arrayFiles(where: string, bytes: Uint8Array): ZipEntry[] {
  const files = unzip(where, bytes),
    arrays = files.filter(({ name }) => name.endsWith(".npy"));
  if (arrays.length === 0)
    fail(where, {
      expected: "an .npz file, a zip of .npy arrays",
      got:
        files.length === 0
          ? "an empty zip"
          : `a zip of other files (${files
              .slice(0, 3)
              .map(({ name }) => name)
              .join(", ")})`,
      fix: "Make one with numpy.savez or writeNpz.",
    });
  return arrays;
}

const nameOf = (file: ZipEntry) => file.name.slice(0, -".npy".length);

function describe(where: string, file: ZipEntry): NpzEntry {
  const { shape, dtype } = parseNpyHeader(where, nameOf(file), file.unpack());
  return { name: nameOf(file), shape, dtype };
}
