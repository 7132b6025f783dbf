import type { Tensor } from "../tensor";
import { fromBase64 } from "./base64";
import { bytesToDoubles } from "./bytes";
import { specialNumber } from "./special-numbers";

/** The form of a saved file: it grows where arrays stand beside their record in another way. */
export const fileSchema = 1;

/** The array that holds all that is no tensor, as text. */
export const recordName = "record";

type Plain = Readonly<Record<string, unknown>>;

/**
 * What `toJson` wrote, parsed, without its arrays: in place of each stands `{ "$": "array", name, was }`. Those that
 * were doubles come back as such, lists of numbers, as models have them, as lists.
 *
 * @returns the rest, and the arrays by name
 */
export function takeArraysOut(plain: unknown): readonly [rest: unknown, arrays: ReadonlyMap<string, Tensor>] {
  const arrays = new Map<string, Tensor>();
  /** A mark, and the array under a name of its own: its place, with a number where two places read the same. */
  const take = (path: readonly string[], x: Tensor, was: "doubles" | "numbers") => {
    const place = path.join(".") || "array";
    let name = place;
    for (let more = 2; arrays.has(name) || name === recordName; more++) name = `${place} ${more}`;
    arrays.set(name, x);
    return { $: "array", name, was };
  };
  const walk = (value: unknown, path: readonly string[]): unknown => {
    if (typeof value !== "object" || value === null) return value;
    if (Array.isArray(value)) return value.map((item, i) => walk(item, [...path, String(i)]));
    const record = value as Plain,
      alone = doublesOf(record);
    if (alone) return take(path, { shape: [alone.length], data: alone }, "doubles");
    const { shape, data, ...others } = record;
    if (isShape(shape)) {
      const doubles = doublesOf(data),
        numbers = Object.keys(others).length === 0 ? numbersOf(data, shape) : undefined;
      if (doubles) return { ...entriesOf(others, path), shape, data: take(path, { shape, data: doubles }, "doubles") };
      if (numbers) return { shape, data: take(path, { shape, data: numbers }, "numbers") };
    }
    return entriesOf(record, path);
  };
  const entriesOf = (record: Plain, path: readonly string[]): Plain =>
    Object.fromEntries(Object.entries(record).map(([key, item]) => [key, walk(item, [...path, key])]));
  return [walk(plain, []), arrays];
}

/** The doubles of `{ "$": "Float64Array", base64 }`. */
function doublesOf(value: unknown): Float64Array | undefined {
  const { $: word, base64 } = (value ?? {}) as { readonly $?: unknown; readonly base64?: unknown };
  const bytes = word === "Float64Array" && typeof base64 === "string" ? fromBase64(base64) : undefined;
  return bytes && bytesToDoubles(bytes);
}

const isShape = (value: unknown): value is readonly number[] =>
  Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0);

/** A list of numbers that fills a shape: models are saved so, with `{ "$": "NaN" }`, here as `$$`, in place of NaN. */
function numbersOf(data: unknown, shape: readonly number[]): Float64Array | undefined {
  if (!Array.isArray(data) || data.length === 0) return undefined;
  if (data.length !== shape.reduce((product, size) => product * size, 1)) return undefined;
  const numbers = data.map((entry: unknown) =>
    typeof entry === "number" ? entry : specialNumber((entry as { readonly $$?: unknown } | null)?.$$),
  );
  return numbers.every((number) => number !== undefined) ? Float64Array.from(numbers) : undefined;
}
