import { fail, isRecord, show } from "../base";
import { toBase64 } from "./base64";
import { doublesToBytes } from "./bytes";
import { deepest, placeOf, tensorFits, type JsonPath } from "./json-path";
import { numberToJson } from "./special-numbers";

/** Their base64 has to fit into one string, and the longest that V8 makes has 512 million characters. */
const mostDoubles = 4e7;

/**
 * A record as JSON text: fits, models, snapshots and results, with the tensors in them bit for bit, NaN, infinities
 * and -0 included.
 *
 * A record is made of records, arrays, tensors (any `Float64Array`, as base64 of little-endian doubles), strings,
 * numbers, booleans, null and undefined. What has a method `toJSON`, as models have, is saved as what that returns:
 * {@link fromJson} gives this record back, and `modelFromJson` makes a model of it.
 *
 * @param record - without circular references
 * @throws {@link LtrnnError} that names the place, for functions, instances of classes without `toJSON`, typed arrays
 * other than `Float64Array`, loops, a tensor whose shape does not fit its data, or more than 40 million doubles
 * @remarks `O(size)`; a tensor takes 10.7 characters per number.
 * @example toJson({ step: 3, loss: NaN }) // {"step":3,"loss":{"$":"NaN"}}
 */
export function toJson(record: unknown): string {
  const plain = new Encoder().encode(record);
  try {
    return JSON.stringify(plain);
  } catch {
    return fail("toJson", {
      expected: "a record whose text fits into one string",
      got: "a larger one",
      fix: "Save large tensors with writeNpz.",
    });
  }
}

type ObjectView =
  | { readonly items: unknown[] }
  | { readonly json: unknown }
  | { readonly entries: [string, unknown][] };

/** Turns a record into what JSON can write, depth first; it knows where it is, for messages. */
class Encoder {
  private doubles = 0;
  private readonly path: JsonPath = [];
  private readonly holders = new Set<unknown>();

  encode(value: unknown): unknown {
    if (value === null || typeof value === "string" || typeof value === "boolean") return value;
    if (value === undefined) return { $: "undefined" };
    if (typeof value === "number") return numberToJson(value);
    if (typeof value !== "object") return this.refuse(show(value), "Leave it out, or put plain data in its place.");
    if (ArrayBuffer.isView(value))
      return value instanceof Float64Array
        ? this.encodeDoubles(value)
        : this.refuse(show(value), "Convert it to an array of numbers.");
    if (this.holders.has(value)) return this.refuse("a record that holds itself", "Break the loop.");
    this.holders.add(value);
    const plain = this.encodeObject(value);
    this.holders.delete(value);
    return plain;
  }

  private encodeDoubles(data: Float64Array): unknown {
    this.doubles += data.length;
    if (this.doubles > mostDoubles)
      this.refuse(`more than ${mostDoubles} doubles`, "Save large tensors with writeNpz.");
    return { $: "Float64Array", base64: toBase64(doublesToBytes(data)) };
  }

  private encodeObject(value: object): unknown {
    const view = this.viewOf(value);
    if ("json" in view) return this.encode(view.json);
    if ("items" in view) return view.items.map((item, i) => this.within(i, item));
    if (!tensorFits(value))
      this.refuse("a tensor whose shape does not fit its data", "Build it with tensor(shape, data).");
    const plain = view.entries.map(([key, item]) => [key.startsWith("$") ? `$${key}` : key, this.within(key, item)]);
    return Object.fromEntries(plain);
  }

  /** What is in a list or a plain record, or what `toJSON` gives. A user's getters and proxies may throw. */
  private viewOf(value: object): ObjectView {
    let trouble = "";
    try {
      if (Array.isArray(value)) return { items: Array.from(value) };
      const { toJSON } = value as { toJSON?: unknown };
      if (typeof toJSON === "function") return { json: toJSON.call(value) };
      if (isRecord(value)) return { entries: Object.entries(value) };
    } catch (error) {
      trouble = ` that throws ${show(error)} when it is read`;
    }
    return this.refuse(`${show(value)}${trouble}`, "Put plain data in its place, or give it a method toJSON.");
  }

  private within(key: string | number, value: unknown): unknown {
    this.path.push(key);
    if (this.path.length > deepest) this.refuse(`more than ${deepest} levels`, "Flatten it.");
    const plain = this.encode(value);
    this.path.pop();
    return plain;
  }

  private refuse(got: string, fix: string): never {
    return fail("toJson", {
      expected: "records, arrays, tensors, strings, numbers, booleans, null, or what has toJSON",
      got: `${got} at ${placeOf(this.path)}`,
      fix,
    });
  }
}
