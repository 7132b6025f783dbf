import { sizeOf } from "../tensor";
import type { MatText } from "./mat-content";
import { shortType, utf16Type, utf32Type, utf8Type, type MatElement } from "./mat-element";
import { damaged, numbersOf, type MatReading } from "./mat-numbers";
import { takeFrom } from "./memory";
import { withoutPadding } from "./without-padding";

/** A character array, one text per row; MATLAB counts in units of UTF-16, of which a letter may take two. */
export function charRows(reading: MatReading, shape: readonly number[], { type, bytes }: MatElement): MatText {
  const isText = type === utf8Type || type === utf32Type,
    stored = isText ? textOf(bytes, type, reading.bigEndian) : "";
  const codes = isText
    ? Array.from({ length: stored.length }, (_, i) => stored.charCodeAt(i))
    : numbersOf(reading, "a text", { type: type === utf16Type ? shortType : type, bytes });
  const rows = shape[0];
  if (rows > Math.max(codes.length, 1024)) damaged(reading.where, `${rows} rows of text`, `${codes.length} characters`);
  takeFrom(reading.budget, reading.where, "a text", 2 * codes.length);
  return { class: "char", data: textRows(shape, codes) };
}

/**
 * Codes of characters (rows × columns × pages), the first index fastest, as one text per row, page by page; a row that
 * the codes do not fill ends early.
 */
export function textRows(shape: readonly number[], codes: ArrayLike<number>): string[] {
  const [rows = 0, ...others] = shape,
    pages = sizeOf(shape.slice(2)),
    columns = others.includes(0) || rows === 0 ? 0 : Math.ceil(codes.length / (rows * pages));
  return Array.from({ length: rows * pages }, (_, text) => {
    const first = Math.floor(text / rows) * columns * rows + (text % rows);
    const letters = Array.from({ length: columns }, (_, j) => codes[first + j * rows]);
    return withoutPadding(
      letters
        .filter((code) => code !== undefined)
        .map((code) => String.fromCharCode(code))
        .join(""),
    );
  });
}

/** Bytes as text; where no type is given, up to the first zero. */
export function textOf(bytes: Uint8Array, type: number | "utf-8", bigEndian = false): string {
  if (type === utf32Type) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength & ~3);
    return Array.from({ length: view.byteLength / 4 }, (_, i) => view.getUint32(4 * i, !bigEndian))
      .map((code) => (code < 0x110000 ? String.fromCodePoint(code) : "\ufffd"))
      .join("");
  }
  const end = type === "utf-8" ? bytes.indexOf(0) : -1;
  return new TextDecoder(type === utf16Type ? (bigEndian ? "utf-16be" : "utf-16le") : "utf-8").decode(
    end < 0 ? bytes : bytes.subarray(0, end),
  );
}
