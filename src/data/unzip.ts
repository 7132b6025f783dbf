import { inflateSync } from "fflate";
import { fail } from "../base";
import { crc32 } from "./crc32";

/** A file in a zip; its bytes are unpacked when asked for. */
export interface ZipEntry {
  readonly name: string;
  unpack(): Uint8Array;
}

/**
 * The files in a zip, from its central directory, each with its size and CRC-32 checked when it is unpacked.
 *
 * The format is PKWARE's APPNOTE 6.3.10: sections 4.3.7 (local header), 4.3.12 (directory), 4.3.16 (end record). fflate inflates.
 * It reads what `numpy.savez` and `savez_compressed` write below 2 GB: methods 0 and 8, without encryption or Zip64.
 */
export function unzip(where: string, bytes: Uint8Array): ZipEntry[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const u16 = (at: number) => view.getUint16(at, true),
    u32 = (at: number) => view.getUint32(at, true);
  const damaged = (got: string): never =>
    fail(where, { expected: "a whole zip file", got, fix: "Copy or save the file again." });

  if (bytes.length < 22 || (u32(0) !== 0x04034b50 && u32(0) !== 0x06054b50))
    fail(where, {
      expected: "an .npz file, which is a zip",
      got: bytes.length < 22 ? `${bytes.length} bytes` : "other content",
      fix: "Make one with numpy.savez or writeNpz; read a lone .npy file with readNpy.",
    });
  let end = bytes.length - 22; // the end record closes the file, but for a comment of known length
  while (end >= 0 && !(u32(end) === 0x06054b50 && end + 22 + u16(end + 20) === bytes.length)) end--;
  if (end < 0) damaged("one whose end is missing or followed by other bytes");
  const count = u16(end + 10),
    size = u32(end + 12),
    start = u32(end + 16);
  if (count === 0xffff || size === 0xffffffff || start === 0xffffffff) refuseZip64(where, "the file");
  if (u16(end + 4) !== 0 || u16(end + 6) !== 0 || u16(end + 8) !== count || start + size !== end)
    damaged("one whose directory is not where its end says");

  const entries: ZipEntry[] = [],
    names = new Set<string>();
  let at = start;
  for (let file = 0; file < count; file++) {
    if (at + 46 > end || u32(at) !== 0x02014b50) damaged("one with a broken directory");
    const flags = u16(at + 8),
      method = u16(at + 10),
      crc = u32(at + 16),
      packed = u32(at + 20),
      unpacked = u32(at + 24),
      header = u32(at + 42);
    const nameEnd = at + 46 + u16(at + 28),
      next = nameEnd + u16(at + 30) + u16(at + 32);
    if (next > end) damaged("one with a broken directory");
    const name = decodeName(bytes.subarray(at + 46, nameEnd), (flags & 0x800) !== 0);
    if (names.has(name)) damaged(`one with two files called ${name}`);
    names.add(name);
    entries.push({ name, unpack: () => unpack(name, { flags, method, crc, packed, unpacked, header }) });
    at = next;
  }
  if (at !== end) damaged("one with a broken directory");
  return entries;

  function unpack(
    name: string,
    {
      flags,
      method,
      crc,
      packed,
      unpacked,
      header,
    }: Record<"flags" | "method" | "crc" | "packed" | "unpacked" | "header", number>,
  ): Uint8Array {
    if (packed === 0xffffffff || unpacked === 0xffffffff || header === 0xffffffff) refuseZip64(where, name);
    if (flags & 1)
      fail(where, {
        expected: "plain files in the zip",
        got: `${name}, encrypted`,
        fix: "Save it without a password.",
      });
    if (method !== 0 && method !== 8)
      fail(where, {
        expected: "files in the zip stored or deflated (methods 0, 8)",
        got: `${name} by method ${method}`,
        fix: "Save it with numpy.savez or numpy.savez_compressed.",
      });
    const broken = (got: string): never => damaged(`${name} ${got}`);
    if (header + 30 > start || u32(header) !== 0x04034b50) broken("without its header");
    const from = header + 30 + u16(header + 26) + u16(header + 28);
    if (from + packed > start) broken("cut short");
    const content = bytes.subarray(from, from + packed);
    const out = method === 0 ? content : inflate(content, unpacked);
    if (out?.length !== unpacked) return broken("of another size than its directory says");
    if (crc32(out) !== crc) broken("with a wrong checksum");
    return out;
  }
}

/** Inflated bytes, `size` of them if all is well, or undefined. */
function inflate(content: Uint8Array, size: number): Uint8Array | undefined {
  if (size > 1032 * content.length) return undefined; // deflate packs no better, so nobody makes us reserve more
  try {
    return inflateSync(content, { out: new Uint8Array(size + 1) }); // a byte more, for fflate drops what does not fit
  } catch {
    return undefined; // fflate throws errors of several kinds for streams that are broken
  }
}

const decodeName = (bytes: Uint8Array, utf8: boolean) =>
  utf8 ? new TextDecoder().decode(bytes) : String.fromCharCode(...bytes);

function refuseZip64(where: string, name: string): never {
  fail(where, {
    expected: "a zip below 2 GB",
    got: `${name} in the Zip64 format`,
    fix: "Save fewer or smaller arrays per file.",
  });
}
