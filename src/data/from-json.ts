import { fail, show } from "../base";
import { fromBase64 } from "./base64";
import { bytesToDoubles } from "./bytes";
import { deepest, placeOf, tensorFits, type JsonPath } from "./json-path";
import { specialNumber } from "./special-numbers";

/**
 * The record that {@link toJson} made a text of, equal to it to the last bit.
 *
 * A model comes back as the record of its `toJSON`: pass it to `modelFromJson`.
 *
 * @typeParam T - what the caller knows the record to be; it is not checked
 * @throws {@link LtrnnError} when the text is no JSON, or holds a tensor that is damaged or of a kind unknown to this
 * version
 * @remarks `O(size)`.
 * @example fromJson<{ x: Vector }>(toJson({ x: tensor([2], [NaN, -0]) })).x.data // Float64Array [NaN, -0]
 */
export function fromJson<T = unknown>(text: string): T {
  return new Decoder().decode(parse(text)) as T;
}

function parse(text: string): unknown {
  if (typeof text !== "string") refuse(show(text));
  try {
    return JSON.parse(text);
  } catch {
    return refuse("text that is not JSON");
  }
}

/** Turns what JSON.parse gave into the record, depth first; it knows where it is, for messages. */
class Decoder {
  private readonly path: JsonPath = [];

  decode(value: unknown): unknown {
    if (typeof value === "number" && !Number.isFinite(value))
      return refuse(`a number beyond doubles at ${this.place()}`);
    if (typeof value !== "object" || value === null) return value;
    if (Array.isArray(value)) return value.map((item, i) => this.within(i, item));
    if (Object.hasOwn(value, "$")) return this.special(value as { $: unknown; base64?: unknown });
    const entries = Object.entries(value).map(([key, item]) => [
      key.startsWith("$$") ? key.slice(1) : key,
      this.within(key, item),
    ]);
    const record = Object.fromEntries(entries);
    return tensorFits(record) ? record : refuse(`a tensor whose shape does not fit its data at ${this.place()}`);
  }

  /** A record with the key "$". */
  private special({ $: word, base64, ...rest }: { $: unknown; base64?: unknown }): unknown {
    if (Object.keys(rest).length === 0) {
      if (base64 === undefined) {
        const number = specialNumber(word);
        if (number !== undefined || word === "undefined") return number;
      }
      const bytes = word === "Float64Array" && typeof base64 === "string" ? fromBase64(base64) : undefined;
      if (bytes && bytes.length % 8 === 0) return bytesToDoubles(bytes);
    }
    return refuse(`a damaged or unknown value at ${this.place()}`);
  }

  private within(key: string | number, value: unknown): unknown {
    this.path.push(key);
    if (this.path.length > deepest) refuse(`more than ${deepest} levels`);
    const item = this.decode(value);
    this.path.pop();
    return item;
  }

  private place(): string {
    return placeOf(this.path);
  }
}

function refuse(got: string): never {
  return fail("fromJson", { expected: "text that toJson made", got, fix: "Save the record again with toJson." });
}
