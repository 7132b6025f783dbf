import { fail, type Failure } from "../base";
import { crc32 } from "./crc32";
import { inflate, inflateStart } from "./inflate";
import { orWithoutMemory } from "./memory";
import { findContents } from "./zip-content";
import { readZipDirectory, type ZipRecord } from "./zip-directory";
import { findZipEnd } from "./zip-end";

/** A file in a zip; its bytes are unpacked when asked for. */
export interface ZipEntry {
  readonly name: string;
  /** bytes once unpacked */
  readonly size: number;
  /** why it cannot be unpacked: it is encrypted, or compressed by another method than deflate */
  readonly locked?: Failure;
  /** the whole file, its size and checksum verified */
  unpack(): Uint8Array;
  /** the first bytes of the file, at most so many; nothing is verified */
  peek(most: number): Uint8Array;
}

/** Deflate packs no tighter than by this factor, so a larger claim is false. */
const deflatesAtMost = 1032;

/**
 * The files in a zip (PKWARE's APPNOTE 6.3.10), stored or deflated, also with Zip64 records.
 *
 * Every file's own header has to repeat what the directory says, and no two files may share bytes.
 */
export function unzip(where: string, bytes: Uint8Array): ZipEntry[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const damaged = (got: string): never =>
    fail(where, { expected: "a whole zip file", got, fix: "Copy or save the file again." });
  const first = bytes.length < 22 ? 0 : view.getUint32(0, true);
  if (first !== 0x04034b50 && first !== 0x06054b50 && first !== 0x06064b50)
    fail(where, {
      expected: "an .npz file, which is a zip",
      got: bytes.length < 22 ? `${bytes.length} bytes` : "other content",
      fix: "Make one with numpy.savez or writeNpz; read a lone .npy file with readNpy.",
    });
  const end = findZipEnd(view) ?? damaged("one whose end is missing, contradicts itself or is followed by other bytes");
  const records = readZipDirectory(bytes, end, damaged);
  return findContents(view, records, end.start, damaged).map(({ record, start }) => {
    const content = bytes.subarray(start, start + record.packed);
    const locked = lockOf(record);
    return {
      name: record.name,
      size: record.unpacked,
      ...(locked && { locked }),
      unpack: () => orWithoutMemory(where, record.name, () => unpack(record, content, damaged)),
      peek: (most: number) =>
        record.method === 0 ? content.subarray(0, most) : inflateStart(content, Math.min(most, record.unpacked)),
    };
  });
}

/** Why a file cannot be unpacked, or undefined. */
function lockOf({ name, flags, method }: ZipRecord): Failure | undefined {
  if ((flags & 1) !== 0)
    return { expected: "plain files in the zip", got: `${name}, encrypted`, fix: "Save it without a password." };
  if (method === 0 || method === 8) return undefined;
  return {
    expected: "files in the zip stored or deflated (methods 0, 8)",
    got: `${name} by method ${method}`,
    fix: "Save it with numpy.savez or numpy.savez_compressed.",
  };
}

/** The content of a file, unpacked to the size that the directory says, its checksum verified. */
function unpack(record: ZipRecord, content: Uint8Array, damaged: (got: string) => never): Uint8Array {
  const { name, unpacked, method } = record;
  const possible = method === 0 ? unpacked === content.length : unpacked <= deflatesAtMost * content.length;
  const whole = !possible ? undefined : method === 0 ? content : inflate(content, unpacked);
  if (!whole) return damaged(`${name} of another size than its directory says`);
  if (crc32(whole) !== record.crc) damaged(`${name} with a wrong checksum`);
  return whole;
}
