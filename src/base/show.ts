/** A value in a few words, for the "got" of an error: never empty, never long, and it never throws. */
export function show(value: unknown): string {
  if (value === undefined) return "undefined";
  if (value === null) return "null";
  if (typeof value === "string")
    return value.length > 40 ? `"${value.slice(0, 40)}…" (${value.length} letters)` : `"${value}"`;
  if (typeof value === "number") return Object.is(value, -0) ? "-0" : String(value);
  if (typeof value === "bigint") return value.toString().length > 40 ? "a large BigInt" : `${value}n`;
  if (typeof value === "function") return "a function";
  if (typeof value !== "object") return `a ${typeof value}`;
  try {
    if (Array.isArray(value)) return value.length === 0 ? "an empty array" : `an array of length ${value.length}`;
    if (ArrayBuffer.isView(value)) {
      const { length = value.byteLength } = value as { readonly length?: number };
      return `a ${value.constructor?.name ?? "typed array"} of length ${length}`;
    }
    const { shape } = value as { shape?: unknown };
    if (Array.isArray(shape))
      return `a record of shape (${shape.slice(0, 8).map(String).join(" × ")}${shape.length > 8 ? " × …" : ""})`;
    const name = (Object.getPrototypeOf(value) as { constructor?: { name?: unknown } } | null)?.constructor?.name;
    if (typeof name === "string" && name !== "Object" && name !== "") return `a ${name}`;
    const keys = Object.keys(value);
    return keys.length === 0
      ? "an empty record"
      : `a record { ${keys.slice(0, 5).join(", ")}${keys.length > 5 ? ", …" : ""} }`;
  } catch {
    return "an object that cannot be read";
  }
}
