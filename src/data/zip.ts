import { deflateSync } from "fflate";
import { crc32 } from "./crc32";

/** A file to be put into a zip. */
export interface ZipFile {
  /** in UTF-8, at most 65 535 bytes */
  readonly name: Uint8Array;
  readonly content: Uint8Array;
}

/** 1 January 1980, zip's first day, as a time and a date of two bytes each: not today, so that the bytes repeat. */
const firstDay = 0x00210000;
/** version of the format that readers need, UTF-8 names, deflated */
const version = 20,
  utf8 = 0x800,
  deflated = 8;

/** A zip of deflated files (PKWARE's APPNOTE 6.3.10, sections 4.3.7, 4.3.12 and 4.3.16), below 4 GB. */
export function zip(files: readonly ZipFile[]): Uint8Array<ArrayBuffer> {
  const packed = files.map(({ name, content }) => ({
    name,
    size: content.length,
    crc: crc32(content),
    content: deflateSync(content),
  }));
  const headers = packed.reduce((sum, { name, content }) => sum + 30 + 46 + 2 * name.length + content.length, 0);
  const out = new Uint8Array(headers + 22);
  const view = new DataView(out.buffer);
  let offset = 0;
  /** Numbers of two bytes (or four, where `wide`) from here on. */
  const put = (wide: boolean, ...numbers: number[]) => {
    for (const number of numbers) {
      if (wide) view.setUint32(offset, number, true);
      else view.setUint16(offset, number, true);
      offset += wide ? 4 : 2;
    }
  };
  const putBytes = (bytes: Uint8Array) => {
    out.set(bytes, offset);
    offset += bytes.length;
  };
  const starts: number[] = [];
  for (const { name, size, crc, content } of packed) {
    starts.push(offset);
    put(true, 0x04034b50);
    put(false, version, utf8, deflated);
    put(true, firstDay, crc, content.length, size);
    put(false, name.length, 0);
    putBytes(name);
    putBytes(content);
  }
  const directory = offset;
  packed.forEach(({ name, size, crc, content }, i) => {
    put(true, 0x02014b50);
    put(false, version, version, utf8, deflated);
    put(true, firstDay, crc, content.length, size);
    put(false, name.length, 0, 0, 0, 0); // no extra field, no comment, first disk, binary
    put(true, 0, starts[i]); // no attributes
    putBytes(name);
  });
  const end = offset;
  put(true, 0x06054b50);
  put(false, 0, 0, files.length, files.length);
  put(true, end - directory, directory);
  put(false, 0);
  return out;
}
