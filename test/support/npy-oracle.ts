import { readFileSync } from "node:fs";

/** An array as NumPy reads it: numbers and strings as text, for JSON has no infinity. */
interface Wanted {
  readonly shape: readonly number[];
  readonly data: readonly string[];
  readonly dtype: string;
}

interface NpyOracle {
  readonly cases: Readonly<Record<string, { readonly npy: string; readonly want: Wanted }>>;
  readonly headers: Readonly<
    Record<
      string,
      { readonly header: string; readonly length: number; readonly data: number; readonly numpy: Wanted | string }
    >
  >;
  readonly spellings: string;
  readonly refused: Readonly<Record<string, string>>;
  readonly npz: Readonly<Record<"stored" | "deflated" | "mixed", string>>;
  readonly npz_want: Readonly<Record<string, Wanted>>;
  readonly forms: Readonly<
    Record<string, { readonly npz: string; readonly numpy: string | Readonly<Record<string, Wanted | string>> }>
  >;
  readonly no_arrays: string;
}

/** Files as NumPy writes them, and what it reads back; made by npy.py. */
export const npyOracle = (): NpyOracle =>
  JSON.parse(readFileSync(new URL("../oracles/npy.json", import.meta.url), "utf8"));

export const bytesOf = (base64: string): Uint8Array => new Uint8Array(Buffer.from(base64, "base64"));

/** What our readers should give for what NumPy reads. */
export const wantedArray = ({ shape, data, dtype }: Wanted) => ({
  shape,
  data: /^.[US]/.test(dtype) ? data : data.map(numberOf),
  dtype,
});

const numberOf = (text: string): number => {
  if (text === "nan") return Number.NaN;
  return text.endsWith("inf") ? Number(`${text}inity`.replace("inf", "Inf")) : Number(text);
};

/** An .npy file of version 1.0 (or 2.0, for long headers) of any header and content. */
export function npyFile(header: string, content: Uint8Array, version = header.length > 65535 ? 2 : 1): Uint8Array {
  const text = new TextEncoder().encode(header),
    from = version === 1 ? 10 : 12;
  const out = new Uint8Array(from + text.length + content.length),
    view = new DataView(out.buffer);
  out.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, version, 0]);
  if (version === 1) view.setUint16(8, text.length, true);
  else view.setUint32(8, text.length, true);
  out.set(text, from);
  out.set(content, from + text.length);
  return out;
}
