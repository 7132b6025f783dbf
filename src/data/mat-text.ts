import type { MatText } from "./mat-content";
import { utf16Type, utf32Type, utf8Type, type MatElement } from "./mat-element";
import { damaged, numbersOf, type MatReading } from "./mat-numbers";
import { takeFrom } from "./memory";
import { withoutPadding } from "./without-padding";

/** A character array, one text per row; characters are stored column by column. */
export function charRows(reading: MatReading, shape: readonly number[], { type, bytes }: MatElement): MatText {
  const units =
    type === utf8Type || type === utf16Type || type === utf32Type
      ? [...textOf(bytes, type, reading.bigEndian)]
      : Array.from(numbersOf(reading, "a text", { type, bytes }), (code) => String.fromCharCode(code));
  const rows = shape[0];
  if (rows > Math.max(units.length, 1024)) damaged(reading.where, `${rows} rows of text`, `${units.length} characters`);
  const columns = rows === 0 ? 0 : Math.ceil(units.length / rows);
  takeFrom(reading.budget, reading.where, "a text", 2 * units.length);
  const data = Array.from({ length: rows }, (_, i) =>
    withoutPadding(Array.from({ length: columns }, (_, j) => units[j * rows + i] ?? "").join("")),
  );
  return { class: "char", data };
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
