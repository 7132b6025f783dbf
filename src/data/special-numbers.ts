import { fail, show } from "../base";

/**
 * What JSON cannot write is a record with the one key "$": `{ "$": "NaN" }`, and for doubles
 * `{ "$": "Float64Array", "base64": … }`. A user's key that begins with "$" gets another "$" in front of it.
 */
export type SpecialNumber = { readonly $: "NaN" | "Infinity" | "-Infinity" | "-0" };

/** A number as JSON: itself, or a record where JSON would lose it. */
export type JsonNumber = number | SpecialNumber;

/** A number as JSON keeps it. `JSON.stringify` makes null of NaN and infinities, and 0 of -0. */
export function numberToJson(value: number): JsonNumber {
  if (Number.isFinite(value) && !Object.is(value, -0)) return value;
  return { $: Object.is(value, -0) ? "-0" : (String(value) as "NaN" | "Infinity" | "-Infinity") };
}

/** The number that {@link numberToJson} wrote, or undefined where it wrote none such. */
function numberFromJson(json: unknown): number | undefined {
  if (typeof json === "number") return Number.isFinite(json) ? json : undefined; // 1e999 parses to Infinity
  if (typeof json !== "object" || json === null) return undefined;
  const keys = Object.keys(json);
  return keys.length === 1 && keys[0] === "$" ? specialNumber((json as { $: unknown }).$) : undefined;
}

/** The number of a word after "$", or undefined where it is no number's. */
export function specialNumber(word: unknown): number | undefined {
  switch (word) {
    case "NaN":
      return Number.NaN;
    case "Infinity":
      return Infinity;
    case "-Infinity":
      return -Infinity;
    case "-0":
      return -0;
    default:
      return undefined;
  }
}

/** Doubles as a list that JSON keeps to the last bit of every number. */
export const numbersToJson = (data: Float64Array): JsonNumber[] => Array.from(data, numberToJson);

/** The doubles that {@link numbersToJson} wrote; refuses anything else in the name of `where`. */
export function numbersFromJson(where: string, name: string, json: unknown): Float64Array {
  if (!Array.isArray(json))
    fail(where, { expected: `${name} to be a list of numbers`, got: show(json), fix: "Save it again with toJSON()." });
  const data = new Float64Array(json.length);
  for (let i = 0; i < data.length; i++) {
    const value = numberFromJson(json[i]);
    if (value === undefined)
      fail(where, {
        expected: `a number as entry ${i} of ${name}, or { "$": "NaN" } and the like`,
        got: show(json[i]),
        fix: "Save it again with toJSON(), which keeps NaN, infinities and -0.",
      });
    data[i] = value;
  }
  return data;
}
