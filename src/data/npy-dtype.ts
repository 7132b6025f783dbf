import { fail } from "../base";

/** How the entries of an array are stored. */
export interface Dtype {
  /** b: truth, i: whole, u: whole and not negative, f: floating, U: text, S: bytes, M: date, m: duration */
  readonly kind: "b" | "i" | "u" | "f" | "U" | "S" | "M" | "m";
  /** bytes per entry */
  readonly width: number;
  readonly bigEndian: boolean;
  /** of dates and durations, such as "ms" */
  readonly unit?: string;
  /** as NumPy's `dtype.str` spells it */
  readonly text: string;
}

/** NumPy's names and one-letter codes, by what they mean on 64-bit Linux and macOS. */
const spellings: Readonly<Record<string, string>> = {
  b1: "? bool bool_ bool8",
  i1: "b int8 byte",
  u1: "B uint8 ubyte",
  i2: "h int16 short",
  u2: "H uint16 ushort",
  i4: "i int32 intc",
  u4: "I uint32 uintc",
  i8: "l q p n int64 int int_ int0 intp long longlong",
  u8: "L Q P N uint64 uint uint0 uintp ulong ulonglong",
  f2: "e float16 half",
  f4: "f float32 single",
  f8: "d float64 double float float_",
  f16: "g float128 longdouble longfloat",
  c8: "F complex64 csingle singlecomplex",
  c16: "D complex128 complex complex_ cdouble cfloat",
  c32: "G complex256 clongdouble clongfloat longcomplex",
  U0: "U str str_ str0 unicode unicode_",
  S0: "S a bytes bytes_ bytes0 string_",
  S1: "c",
  V0: "V void void0",
  O: "O object object_ object0",
};

/** The type that a text spells, where this library reads it; refuses every other with what to do about it. */
export function parseDtype(where: string, name: string, spelling: string): Dtype {
  const order = /^[<>|=]/.exec(spelling)?.[0] ?? "";
  const body = canonical(spelling.slice(order.length), order !== "");
  const time = /^([Mm])(?:8|)(?:\[(\d{0,9}(?:generic|[YMWDhms]|[munpfa]s))\]|)$/.exec(body);
  if (time) return timeType(time[1] as "M" | "m", time[2] ?? "generic", order === ">");
  const [, kind, digits] = /^([biufUS])(\d{1,9})$/.exec(body) ?? [];
  const size = Number(digits);
  const readable =
    kind === "U" ||
    kind === "S" ||
    ["b1", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8"].includes(`${kind}${size}`);
  if (kind === undefined || !readable) return refuseDtype(where, name, spelling, body);
  const width = kind === "U" ? 4 * size : size;
  const ordered = kind !== "S" && width !== 1;
  const bigEndian = order === ">" && ordered;
  const text = `${!ordered ? "|" : bigEndian ? ">" : "<"}${kind}${size}`;
  return { kind: kind as Dtype["kind"], width, bigEndian, text };
}

/** A name or a one-letter code as kind and size; a byte order may stand before a code, and not before a name. */
function canonical(body: string, ordered: boolean): string {
  for (const [type, words] of Object.entries(spellings))
    if (words.split(" ").includes(body) && !(ordered && body.length > 1)) return type;
  if (/^a\d+$/.test(body)) return `S${body.slice(1)}`;
  const time = /^(?:datetime|timedelta)64/.exec(body)?.[0];
  return time ? (time.startsWith("d") ? "M8" : "m8") + body.slice(time.length) : body;
}

function timeType(kind: "M" | "m", unit: string, bigEndian: boolean): Dtype {
  const suffix = unit === "generic" ? "" : `[${unit}]`;
  return { kind, width: 8, bigEndian, unit, text: `${bigEndian ? ">" : "<"}${kind}8${suffix}` };
}

function refuseDtype(where: string, name: string, spelling: string, body: string): never {
  const refuse = (what: string, fix: string) =>
    fail(where, {
      expected: "real numbers (f2 f4 f8, i1 to i8, u1 to u8, b1), text (U, S), dates or durations (M8, m8)",
      got: `${what}, dtype ${spelling.slice(0, 40)}, in ${name}`,
      fix,
    });
  if (spelling === "structured" || body.startsWith("V") || /[,(]/.test(body))
    return refuse("structured records", `Save each field as an array of its own: x["field"].`);
  if (/^O\d*$/.test(body))
    return refuse(
      "a pickle of Python objects",
      "A pickle can run code, so it is not opened: in Python convert it to numbers, x.astype(float), or to text, " +
        "x.astype(str), and save it again; arrays of unequal length go into one array each.",
    );
  if (/^c\d+$/.test(body)) return refuse("complex numbers", "Save x.real and x.imag as two arrays.");
  if (/^f\d+$/.test(body))
    return refuse("extended precision", `Convert it in Python, x.astype("float64"), and save it again.`);
  return refuse("an unknown type", `Convert it in Python, x.astype("float64"), and save it again.`);
}
