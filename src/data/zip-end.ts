/** Where the directory of a zip lies, and how many files it names. */
export interface ZipEnd {
  readonly count: number;
  /** the directory's first byte, and the byte after its last */
  readonly start: number;
  readonly end: number;
}

const longestComment = 0xffff;

/**
 * The end record that closes a zip (PKWARE's APPNOTE 6.3.10, sections 4.3.14 to 4.3.16), with the Zip64 records before
 * it where a writer has put them; undefined where the file has none, or where its numbers contradict each other.
 */
export function findZipEnd(view: DataView): ZipEnd | undefined {
  const u16 = (offset: number) => view.getUint16(offset, true),
    u32 = (offset: number) => view.getUint32(offset, true);
  const first = Math.max(0, view.byteLength - 22 - longestComment);
  let record = view.byteLength - 22; // the record closes the file, but for a comment of a length that it says
  while (record >= first && !(u32(record) === 0x06054b50 && record + 22 + u16(record + 20) === view.byteLength))
    record--;
  if (record < first) return undefined;
  if (u16(record + 8) !== u16(record + 10) || !onOneDisk(u16(record + 4)) || !onOneDisk(u16(record + 6)))
    return undefined;
  const small = { count: u16(record + 10), size: u32(record + 12), start: u32(record + 16) };
  const locator = record - 20;
  if (locator < 0 || u32(locator) !== 0x07064b50) return endOf(small.start, small.size, small.count, record);
  const large = zip64Record(view, locator);
  if (!large) return undefined;
  const agree = (value: number, marker: number, value64: number) => value === value64 || value === marker;
  return agree(small.count, 0xffff, large.count) &&
    agree(small.size, 0xffffffff, large.size) &&
    agree(small.start, 0xffffffff, large.start)
    ? endOf(large.start, large.size, large.count, large.record)
    : undefined;
}

/** Files over several disks are not read; 0xffff says that the Zip64 record has the number. */
const onOneDisk = (disk: number) => disk === 0 || disk === 0xffff;

/** The Zip64 end record that a locator points to: it lies right before the locator. */
function zip64Record(view: DataView, locator: number) {
  const record = readUint64(view, locator + 8);
  if (view.getUint32(locator + 4, true) !== 0 || view.getUint32(locator + 16, true) > 1) return undefined;
  if (record + 56 > locator || view.getUint32(record, true) !== 0x06064b50) return undefined;
  const count = readUint64(view, record + 32);
  if (record + 12 + readUint64(view, record + 4) !== locator || readUint64(view, record + 24) !== count)
    return undefined;
  if (view.getUint32(record + 16, true) !== 0 || view.getUint32(record + 20, true) !== 0) return undefined;
  return { record, count, size: readUint64(view, record + 40), start: readUint64(view, record + 48) };
}

/** The directory ends where the record that names it begins. */
const endOf = (start: number, size: number, count: number, record: number): ZipEnd | undefined =>
  start + size === record ? { count, start, end: record } : undefined;

/** An unsigned whole number of 64 bits; beyond 2^53 it is rounded, and larger than any file. */
export const readUint64 = (view: DataView, offset: number): number =>
  view.getUint32(offset + 4, true) * 4294967296 + view.getUint32(offset, true);
