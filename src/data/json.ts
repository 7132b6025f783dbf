import { fail } from "../base";
import { sizeOf } from "../tensor";
import { fromBase64, toBase64 } from "./base64";
import { bytesToDoubles, doublesToBytes } from "./bytes";

// What JSON lacks is said by a record with the one key "$": { "$": "NaN" }, { "$": "Float64Array", "base64": "..." }.
// A key of the user's that begins with "$" gets another "$" in front, so nothing can be mistaken.
const words = new Map<string, unknown>([
  ["NaN", NaN],
  ["Infinity", Infinity],
  ["-Infinity", -Infinity],
  ["-0", -0],
  ["undefined", undefined],
]);
const mostDoubles = 4e7; // their base64 has to fit into one string, and the longest that V8 makes has 512 million characters
const deepest = 500;

/**
 * A plain record as JSON text: models, snapshots and results, with the tensors in them bit for bit, NaN, infinities and -0 included.
 *
 * A record is made of records, arrays, tensors (any `Float64Array`, as base64 of little-endian doubles), strings, numbers, booleans, null and undefined.
 *
 * @param record - nothing in it may refer back to what holds it
 * @throws {@link LtrnnError} that names the place, for functions, class instances (hand over `model.toJSON()`, not a model), other typed arrays, loops,
 * a tensor whose shape does not fit its data, or more than 40 million doubles
 * @remarks `O(size)`; a tensor takes 10.7 characters per number.
 * @example toJson({ step: 3, loss: NaN }) // {"step":3,"loss":{"$":"NaN"}}
 */
export function toJson(record: unknown): string {
  let doubles = 0;
  const path: (string | number)[] = [];
  const refuse = (got: string, fix: string): never =>
    fail("toJson", {
      expected: "records, arrays, tensors, strings, numbers, booleans, null",
      got: `${got} at ${place(path)}`,
      fix,
    });
  const within = (key: string | number, value: unknown) => {
    path.push(key);
    if (path.length > deepest) refuse(`more than ${deepest} levels`, "Break the loop: something in it holds itself.");
    const plain = encode(value);
    path.pop();
    return plain;
  };
  const encode = (value: unknown): unknown => {
    if (value === null || typeof value === "string" || typeof value === "boolean") return value;
    if (value === undefined) return { $: "undefined" };
    if (typeof value === "number")
      return Number.isFinite(value) && !Object.is(value, -0)
        ? value
        : { $: Object.is(value, -0) ? "-0" : String(value) };
    if (Array.isArray(value)) return Array.from(value, (item, i) => within(i, item));
    if (value instanceof Float64Array) {
      doubles += value.length;
      if (doubles > mostDoubles) refuse(`more than ${mostDoubles} doubles`, "Save large tensors with writeNpz.");
      return { $: "Float64Array", base64: toBase64(doublesToBytes(value)) };
    }
    if (typeof value !== "object") return refuse(`a ${typeof value}`, "Leave it out, or put plain data in its place.");
    const prototype = Object.getPrototypeOf(value);
    if (prototype !== null && Object.getPrototypeOf(prototype) !== null)
      return refuse(
        `a ${value.constructor?.name ?? "class instance"}`,
        ArrayBuffer.isView(value)
          ? "Convert it with Float64Array.from."
          : "Put plain data in its place, for a model model.toJSON().",
      );
    if (!fits(value)) refuse("a tensor whose shape does not fit its data", "Build it with tensor(shape, data).");
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key.startsWith("$") ? `$${key}` : key, within(key, item)]),
    );
  };
  return JSON.stringify(encode(record));
}

/**
 * The record that {@link toJson} made a text of, equal to it to the last bit.
 *
 * @typeParam T - what the caller knows the record to be; it is not checked
 * @throws {@link LtrnnError} when the text is no JSON, or holds a tensor that is damaged or of a kind unknown to this version
 * @remarks `O(size)`.
 * @example fromJson<{ x: Vector }>(toJson({ x: tensor([2], [NaN, -0]) })).x.data // Float64Array [NaN, -0]
 */
export function fromJson<T = unknown>(text: string): T {
  const refuse = (got: string): never =>
    fail("fromJson", { expected: "text that toJson made", got, fix: "Save the record again with toJson." });
  const path: (string | number)[] = [];
  const within = (key: string | number, value: unknown) => {
    path.push(key);
    if (path.length > deepest) refuse(`more than ${deepest} levels`);
    const item = decode(value);
    path.pop();
    return item;
  };
  const decode = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map((item, i) => within(i, item));
    if (typeof value !== "object" || value === null) return value;
    if (Object.hasOwn(value, "$")) return special(value as { $: unknown; base64?: unknown });
    const record = Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key.startsWith("$$") ? key.slice(1) : key, within(key, item)]),
    );
    return fits(record) ? record : refuse(`a tensor whose shape does not fit its data at ${place(path)}`);
  };
  const special = ({ $: word, base64, ...rest }: { $: unknown; base64?: unknown }): unknown => {
    if (Object.keys(rest).length === 0 && typeof word === "string") {
      if (base64 === undefined && words.has(word)) return words.get(word);
      const bytes = word === "Float64Array" && typeof base64 === "string" ? fromBase64(base64) : undefined;
      if (bytes && bytes.length % 8 === 0) return bytesToDoubles(bytes);
    }
    return refuse(`a damaged or unknown value at ${place(path)}`);
  };
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    refuse("text that is not JSON");
  }
  return decode(parsed) as T;
}

/** A record with a shape and doubles is a tensor, and then they must agree. */
function fits(record: object): boolean {
  const { shape, data } = record as { shape?: unknown; data?: unknown };
  return !Array.isArray(shape) || !(data instanceof Float64Array) || data.length === sizeOf(shape as number[]);
}

const place = (path: readonly (string | number)[]) =>
  path.length === 0 ? "the top" : path.slice(0, 20).join(".") + (path.length > 20 ? "..." : "");
