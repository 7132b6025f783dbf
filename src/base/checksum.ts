/**
 * Sixteen hexadecimal digits: equal for arrays that are equal to the bit, and almost surely different for all others.
 * Two 32-bit multiplicative hashes over the words, finished as in murmur3. It detects mix-ups, not attacks.
 */
export function checksum(data: Float64Array): string {
  const words = new Uint32Array(data.buffer, data.byteOffset, 2 * data.length);
  let p = 0x811c9dc5,
    q = 0x9747b28c ^ data.length;
  for (let i = 0; i < words.length; i++) {
    p = Math.imul(p ^ words[i], 0x01000193);
    q = Math.imul((q << 13) | (q >>> 19), 5) ^ Math.imul(words[i], 0xcc9e2d51);
  }
  return finish(p) + finish(q);
}

function finish(hash: number): string {
  let h = hash ^ (hash >>> 16);
  h = Math.imul(h, 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return ((h ^ (h >>> 16)) >>> 0).toString(16).padStart(8, "0");
}

/** The {@link checksum} of a text, from its UTF-8 bytes. */
export function textChecksum(text: string): string {
  const bytes = new TextEncoder().encode(text),
    words = new Float64Array(Math.ceil(bytes.length / 8));
  new Uint8Array(words.buffer).set(bytes);
  return checksum(words);
}
