import { Inflate } from "fflate";

/** Compressed bytes per step; a step can unpack to about a thousand times as much. */
const step = 16 * 1024;

/**
 * Deflated bytes unpacked to exactly `size` bytes, or undefined where the stream is broken or holds another number.
 * It stops as soon as there is more than `size`.
 */
export function inflate(content: Uint8Array, size: number): Uint8Array<ArrayBuffer> | undefined {
  const { bytes, whole } = inflateSome(content, size);
  return whole && bytes.length === size ? bytes : undefined;
}

/** The first `most` bytes of a deflated stream, fewer where it ends or breaks before. */
export const inflateStart = (content: Uint8Array, most: number): Uint8Array<ArrayBuffer> =>
  inflateSome(content, most).bytes;

/** All of a deflated stream; undefined where it is broken or holds more than `most` bytes. */
export function inflateAll(content: Uint8Array, most: number): Uint8Array<ArrayBuffer> | undefined {
  // sizes are tried one after the other, since the stream does not say its own
  for (let size = Math.min(most, 16 * content.length + 1024); ; size = Math.min(most, 8 * size)) {
    const { bytes, whole } = inflateSome(content, size);
    if (whole) return bytes;
    if (bytes.length < size || size >= most) return undefined;
  }
}

function inflateSome(content: Uint8Array, most: number) {
  const bytes = new Uint8Array(most);
  let filled = 0,
    overfull = false,
    broken = false;
  const stream = new Inflate((piece) => {
    const room = bytes.length - filled;
    overfull = piece.length > room;
    bytes.set(overfull ? piece.subarray(0, room) : piece, filled);
    filled += Math.min(piece.length, room);
  });
  for (let start = 0; start < content.length && !overfull && !broken; start += step)
    try {
      stream.push(content.subarray(start, start + step), start + step >= content.length);
    } catch {
      broken = true; // fflate throws errors of several kinds for streams that are broken
    }
  return { bytes: bytes.subarray(0, filled), whole: !broken && !overfull };
}
