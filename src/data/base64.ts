// Both ways go in pieces, so that no call gets too many arguments: 24 KiB is a multiple of 3, so pieces join without padding.
const piece = 24 * 1024;

/** Bytes as base64 text (RFC 4648, with padding). */
export function toBase64(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += piece) text += btoa(String.fromCharCode(...bytes.subarray(at, at + piece)));
  return text;
}

/** The bytes of a base64 text, or undefined where it is none. */
export function fromBase64(text: string): Uint8Array | undefined {
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return undefined;
  const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
  const bytes = new Uint8Array((text.length / 4) * 3 - padding),
    quarters = (piece / 3) * 4;
  for (let at = 0, to = 0; at < text.length; at += quarters) {
    const binary = atob(text.slice(at, at + quarters));
    for (let i = 0; i < binary.length; i++) bytes[to++] = binary.charCodeAt(i);
  }
  return bytes;
}
