import { readUint64, type ZipEnd } from "./zip-end";

/** What the directory of a zip says about a file in it. */
export interface ZipRecord {
  readonly name: string;
  /** the name as it stands in the file, which the file's own header repeats */
  readonly nameBytes: Uint8Array;
  readonly flags: number;
  /** 0: stored, 8: deflated */
  readonly method: number;
  readonly crc: number;
  /** bytes in the zip */
  readonly packed: number;
  /** bytes once unpacked */
  readonly unpacked: number;
  /** where the file's own header is */
  readonly header: number;
}

/** The upper half of code page 437, in which zip has names that are not said to be UTF-8 (APPNOTE, appendix D). */
const codePage437 =
  "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐" +
  "└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0";

/**
 * The records of a directory (APPNOTE 4.3.12), in its order.
 *
 * @param damaged - throws, with what is wrong
 */
export function readZipDirectory(bytes: Uint8Array, where: ZipEnd, damaged: (got: string) => never): ZipRecord[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const u16 = (offset: number) => view.getUint16(offset, true),
    u32 = (offset: number) => view.getUint32(offset, true);
  const records: ZipRecord[] = [],
    names = new Set<string>();
  let offset = where.start;
  for (let file = 0; file < where.count; file++) {
    if (offset + 46 > where.end || u32(offset) !== 0x02014b50) damaged("one with a broken directory");
    const nameEnd = offset + 46 + u16(offset + 28),
      extraEnd = nameEnd + u16(offset + 30),
      next = extraEnd + u16(offset + 32);
    if (next > where.end) damaged("one with a broken directory");
    const flags = u16(offset + 8),
      nameBytes = bytes.subarray(offset + 46, nameEnd);
    const name = decodeName(nameBytes, (flags & 0x800) !== 0) ?? damaged("one with a name that is not UTF-8");
    if (name.includes("\0")) damaged("one with a name that holds a zero byte");
    if (names.has(name)) damaged(`one with two files called ${name}`);
    names.add(name);
    const sizes = zip64Sizes(view, nameEnd, extraEnd, [u32(offset + 24), u32(offset + 20), u32(offset + 42)]);
    if (!sizes) return damaged(`one that lacks the sizes of ${name}`);
    const [unpacked, packed, header] = sizes;
    records.push({ name, nameBytes, flags, method: u16(offset + 10), crc: u32(offset + 16), packed, unpacked, header });
    offset = next;
  }
  if (offset !== where.end) damaged("one with a broken directory");
  return records;
}

/**
 * Numbers of 32 bits, those that do not fit (all bits set) taken in turn from the Zip64 extra field (APPNOTE 4.5.3);
 * undefined where it lacks one.
 */
export function zip64Sizes(
  view: DataView,
  extraStart: number,
  extraEnd: number,
  small: readonly number[],
): number[] | undefined {
  let field = extraStart;
  while (field + 4 <= extraEnd && view.getUint16(field, true) !== 1) field += 4 + view.getUint16(field + 2, true);
  let next = field + 4;
  const end = field + 4 <= extraEnd ? Math.min(extraEnd, next + view.getUint16(field + 2, true)) : 0;
  const sizes: number[] = [];
  for (const value of small) {
    if (value !== 0xffffffff) sizes.push(value);
    else if (next + 8 > end) return undefined;
    else {
      sizes.push(readUint64(view, next));
      next += 8;
    }
  }
  return sizes;
}

function decodeName(bytes: Uint8Array, utf8: boolean): string | undefined {
  if (!utf8)
    return Array.from(bytes, (byte) => (byte < 128 ? String.fromCharCode(byte) : codePage437[byte - 128])).join("");
  try {
    const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
    return decoder.decode(bytes.slice()); // a copy: browsers decode no shared memory
  } catch {
    return undefined;
  }
}
