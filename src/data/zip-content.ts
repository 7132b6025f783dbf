import { zip64Sizes, type ZipRecord } from "./zip-directory";

/** A file of a zip and where its content lies. */
export interface ZipContent {
  readonly record: ZipRecord;
  /** the first byte of the content, still packed */
  readonly start: number;
}

/**
 * Where the content of every file lies, after its own header (APPNOTE 4.3.7) has been compared with the directory.
 *
 * A header that says something else would let two readers of one zip see two different files; files that share bytes
 * unpack to far more than they hold. Neither is read.
 *
 * @param end - where the directory begins
 * @param damaged - throws, with what is wrong
 */
export function findContents(
  view: DataView,
  records: readonly ZipRecord[],
  end: number,
  damaged: (got: string) => never,
): ZipContent[] {
  const contents = records.map((record) => ({ record, start: checkHeader(view, record, end, damaged) }));
  const inOrder = [...contents].sort((p, q) => p.record.header - q.record.header);
  for (let i = 1; i < inOrder.length; i++) {
    const [before, after] = [inOrder[i - 1], inOrder[i]];
    if (before.start + before.record.packed > after.record.header)
      damaged(`${before.record.name} and ${after.record.name}, which overlap,`);
  }
  return contents;
}

/** The first byte after a file's own header, which has to repeat what the directory says. */
function checkHeader(view: DataView, record: ZipRecord, end: number, damaged: (got: string) => never): number {
  const { name, nameBytes, header } = record;
  const u16 = (offset: number) => view.getUint16(offset, true),
    u32 = (offset: number) => view.getUint32(offset, true);
  const contradicts = (what: string) => damaged(`${name} whose own header says another ${what} than the directory`);
  if (header + 30 > end || u32(header) !== 0x04034b50) damaged(`${name} without its header`);
  const nameStart = header + 30,
    nameEnd = nameStart + u16(header + 26),
    start = nameEnd + u16(header + 28);
  if (start + record.packed > end) damaged(`${name} cut short`);
  const sameLength = nameEnd - nameStart === nameBytes.length;
  if (!sameLength || nameBytes.some((byte, i) => byte !== view.getUint8(nameStart + i))) contradicts("name");
  const flags = u16(header + 6);
  if (((flags ^ record.flags) & (0x800 | 1)) !== 0) contradicts("flag");
  if (u16(header + 8) !== record.method) contradicts("method");
  if ((flags & 8) !== 0) return start; // sizes and checksum follow the content, and may be 0 here
  const sizes = zip64Sizes(view, nameEnd, start, [u32(header + 22), u32(header + 18)]);
  if (u32(header + 14) !== record.crc) contradicts("checksum");
  if (sizes?.[0] !== record.unpacked || sizes[1] !== record.packed) contradicts("size");
  return start;
}
