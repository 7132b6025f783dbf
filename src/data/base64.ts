const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const invalid = 64; // marks a character outside the alphabet: no digit has this bit
/** Bytes per piece, a multiple of 3, so that the pieces' texts join without padding. */
const piece = 3 << 20;

// Made at the first call: nothing runs when the module is loaded.
let pairs: Uint16Array | undefined; // the two characters of every 12-bit number, first character in the lower byte
let digits: Uint8Array | undefined; // the six bits of every character

/** Bytes as base64 text (RFC 4648, with padding). */
export function toBase64(bytes: Uint8Array): string {
  let text = "";
  for (let start = 0; start < bytes.length; start += piece) text += encodePiece(bytes.subarray(start, start + piece));
  return text;
}

/** The bytes of a base64 text, or undefined where it is none. */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> | undefined {
  if (text.length % 4 !== 0) return undefined;
  const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
  const bytes = new Uint8Array((text.length / 4) * 3 - padding);
  const step = (piece / 3) * 4;
  for (let start = 0; start < text.length; start += step) {
    const last = start + step >= text.length;
    const characters = text.slice(start, last ? text.length - padding : start + step);
    if (!decodePiece(characters, bytes.subarray((start / 4) * 3))) return undefined;
  }
  return bytes;
}

function encodePiece(bytes: Uint8Array): string {
  pairs ??= Uint16Array.from(
    { length: 4096 },
    (_, number) => alphabet.charCodeAt(number >> 6) | (alphabet.charCodeAt(number & 63) << 8),
  );
  const characters = new Uint8Array(4 * Math.ceil(bytes.length / 3));
  const whole = bytes.length - (bytes.length % 3);
  let to = 0;
  for (let from = 0; from < whole; from += 3, to += 4) {
    const first = pairs[(bytes[from] << 4) | (bytes[from + 1] >> 4)];
    const second = pairs[((bytes[from + 1] & 15) << 8) | bytes[from + 2]];
    characters[to] = first & 255;
    characters[to + 1] = first >> 8;
    characters[to + 2] = second & 255;
    characters[to + 3] = second >> 8;
  }
  if (whole < bytes.length) {
    const second = whole + 1 < bytes.length ? bytes[whole + 1] : 0;
    const first = pairs[(bytes[whole] << 4) | (second >> 4)];
    characters.set([first & 255, first >> 8, 61, 61], to); // 61 is "="
    if (whole + 1 < bytes.length) characters[to + 2] = alphabet.charCodeAt((second & 15) << 2);
  }
  return new TextDecoder().decode(characters);
}

/** Fill `bytes` from characters without padding; false where one is not of the alphabet, or bits are left over. */
function decodePiece(text: string, bytes: Uint8Array): boolean {
  digits ??= digitsOf();
  const table = digits;
  const characters = new Uint8Array(text.length);
  const { read, written } = new TextEncoder().encodeInto(text, characters);
  if (read !== text.length || written !== text.length) return false; // a character beyond ASCII
  const whole = text.length - (text.length % 4);
  let seen = 0,
    to = 0;
  for (let from = 0; from < whole; from += 4, to += 3) {
    const a = table[characters[from]],
      b = table[characters[from + 1]],
      c = table[characters[from + 2]],
      d = table[characters[from + 3]];
    seen |= a | b | c | d;
    bytes[to] = (a << 2) | (b >> 4);
    bytes[to + 1] = (b << 4) | (c >> 2);
    bytes[to + 2] = (c << 6) | d;
  }
  if (whole < text.length) {
    const [a, b, c] = [0, 1, 2].map((i) => (whole + i < text.length ? table[characters[whole + i]] : 0));
    seen |= a | b | c;
    bytes[to] = (a << 2) | (b >> 4);
    if (text.length - whole === 3) bytes[to + 1] = (b << 4) | (c >> 2);
    if ((text.length - whole === 3 ? c & 3 : b & 15) !== 0 || text.length - whole === 1) return false;
  }
  return (seen & invalid) === 0;
}

function digitsOf(): Uint8Array {
  const table = new Uint8Array(256).fill(invalid);
  for (let digit = 0; digit < 64; digit++) table[alphabet.charCodeAt(digit)] = digit;
  return table;
}
