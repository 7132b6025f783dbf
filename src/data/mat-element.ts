import { fail } from "../base";

/** Numeric types of a MAT-file's elements, by their number. */
export const elementTypes: Readonly<Record<number, { readonly width: number; readonly kind: "i" | "u" | "f" }>> = {
  1: { width: 1, kind: "i" },
  2: { width: 1, kind: "u" },
  3: { width: 2, kind: "i" },
  4: { width: 2, kind: "u" },
  5: { width: 4, kind: "i" },
  6: { width: 4, kind: "u" },
  7: { width: 4, kind: "f" },
  9: { width: 8, kind: "f" },
  12: { width: 8, kind: "i" },
  13: { width: 8, kind: "u" },
};

/** Types of bytes, of 16 bits without a sign and of doubles among these. */
export const byteType = 2,
  shortType = 4,
  doubleType = 9;

/** Element types that hold no numbers. */
export const matrixType = 14,
  compressedType = 15,
  utf8Type = 16,
  utf16Type = 17,
  utf32Type = 18;

/** One element of a MAT-file: its type and its bytes. */
export interface MatElement {
  readonly type: number;
  readonly bytes: Uint8Array;
}

/** Reads the elements of a piece of a MAT-file one after the other. */
export class MatCursor {
  private at = 0;
  private readonly view: DataView;

  constructor(
    private readonly where: string,
    private readonly bytes: Uint8Array,
    readonly bigEndian: boolean,
  ) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get done(): boolean {
    return this.at >= this.bytes.length;
  }

  /** bytes that are left */
  get left(): number {
    return this.bytes.length - this.at;
  }

  /** The next element; its bytes are padded to eight in the file, unless they are compressed. */
  next(): MatElement {
    if (this.at + 8 > this.bytes.length) return this.refuse();
    const first = this.view.getUint32(this.at, !this.bigEndian),
      isSmall = first >>> 16 !== 0; // four bytes of content at most, in the tag itself
    const type = isSmall ? first & 0xffff : first,
      size = isSmall ? first >>> 16 : this.view.getUint32(this.at + 4, !this.bigEndian),
      start = this.at + (isSmall ? 4 : 8),
      end = start + size;
    if (end > this.bytes.length || (isSmall && size > 4)) return this.refuse();
    this.at = isSmall ? this.at + 8 : type === compressedType ? end : Math.min(this.bytes.length, end + (-size & 7));
    return { type, bytes: this.bytes.subarray(start, end) };
  }

  private refuse(): never {
    return fail(this.where, {
      expected: "elements that end within the file",
      got: `one at byte ${this.at} of ${this.bytes.length} that does not`,
      fix: "The file is cut short or damaged: copy or save it again.",
    });
  }
}
