import { fail, type Failure } from "../base";
import { crc32 } from "./crc32";
import { inflate, inflateStart } from "./inflate";
import { orWithoutMemory } from "./memory";
import { readZipDirectory, zip64Sizes, type ZipRecord } from "./zip-directory";
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

/** Deflate makes a file smaller by no more than this factor, so a larger one is no true claim. */
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
  const spans = records.map((record) => ({ record, ...contentOf(view, record, end.start, damaged) }));
  checkApart(spans, damaged);
  return spans.map(({ record, from }) => {
    const content = bytes.subarray(from, from + record.packed);
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

interface Span {
  readonly record: ZipRecord;
  /** the first byte of the file's content */
  readonly from: number;
}

/** Where a file's content lies, after its own header (APPNOTE 4.3.7) has been held against the directory. */
function contentOf(view: DataView, record: ZipRecord, end: number, damaged: (got: string) => never): { from: number } {
  const { name, nameBytes, header } = record;
  const u16 = (offset: number) => view.getUint16(offset, true),
    u32 = (offset: number) => view.getUint32(offset, true);
  const contradicts = (what: string) => damaged(`${name} whose own header says another ${what} than the directory`);
  if (header + 30 > end || u32(header) !== 0x04034b50) damaged(`${name} without its header`);
  const nameEnd = header + 30 + u16(header + 26),
    from = nameEnd + u16(header + 28);
  if (from + record.packed > end) damaged(`${name} cut short`);
  if (
    nameEnd - header - 30 !== nameBytes.length ||
    nameBytes.some((byte, i) => byte !== view.getUint8(header + 30 + i))
  )
    contradicts("name");
  const flags = u16(header + 6);
  if (((flags ^ record.flags) & (0x800 | 1)) !== 0) contradicts("flag");
  if (u16(header + 8) !== record.method) contradicts("method");
  if ((flags & 8) !== 0) return { from }; // sizes and checksum follow the content, and may be 0 here
  const sizes = zip64Sizes(view, nameEnd, from, [u32(header + 22), u32(header + 18)]);
  if (u32(header + 14) !== record.crc) contradicts("checksum");
  if (sizes?.[0] !== record.unpacked || sizes[1] !== record.packed) contradicts("size");
  return { from };
}

/** No byte of a zip belongs to two files: those that overlap unpack to far more than they hold. */
function checkApart(spans: readonly Span[], damaged: (got: string) => never): void {
  const sorted = [...spans].sort((p, q) => p.record.header - q.record.header);
  for (let i = 1; i < sorted.length; i++)
    if (sorted[i - 1].from + sorted[i - 1].record.packed > sorted[i].record.header)
      damaged(`${sorted[i - 1].record.name} and ${sorted[i].record.name}, which overlap,`);
}

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

function unpack(record: ZipRecord, content: Uint8Array, damaged: (got: string) => never): Uint8Array {
  const { name, unpacked, method } = record;
  const possible = method === 0 ? unpacked === content.length : unpacked <= deflatesAtMost * content.length;
  const whole = !possible ? undefined : method === 0 ? content : inflate(content, unpacked);
  if (!whole) return damaged(`${name} of another size than its directory says`);
  if (crc32(whole) !== record.crc) damaged(`${name} with a wrong checksum`);
  return whole;
}
