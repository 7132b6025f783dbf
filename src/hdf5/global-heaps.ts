/**
 * Whether a global heap, which holds texts of any length, has free space of no size, or an object that passes its end:
 * HDF5 walks such a heap for ever, as its 32-bit sizes wrap around. Whole files have none: free space counts its own
 * header of 16 bytes.
 *
 * @see HDF5 File Format Specification 3.0, section III.E
 */
export function hasEndlessHeap(bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let start = 0; start + 32 <= bytes.length; start += 8) {
    // "GCOL" and version 1, three bytes of zero after it
    if (view.getUint32(start) !== 0x47434f4c || view.getUint32(start + 4, true) !== 1) continue;
    const end = start + Number(view.getBigUint64(start + 8, true));
    if (end > bytes.length) continue;
    for (let at = start + 16; at + 16 <= end; ) {
      const isFree = view.getUint16(at, true) === 0,
        size = Number(view.getBigUint64(at + 8, true));
      const next = at + (isFree ? size : 16 + 8 * Math.ceil(size / 8));
      if (next === at || next > end) return true;
      at = next;
    }
  }
  return false;
}
