import { fromBase64 } from "./base64";
import { bytesToDoubles } from "./bytes";
import { deepest, placeOf, tensorFits, type JsonPath } from "./json-path";
import { migrateResult } from "./migrate-result";
import { numbersToJson, specialNumber } from "./special-numbers";

/** Turns what JSON.parse gave into the record, depth first; it knows where it is, for messages. */
export class JsonDecoder {
  private readonly path: JsonPath = [];

  /**
   * @param where - the public function that reads
   * @param refuse - throws its error
   * @param arrays - those that stand beside the text, by name
   */
  constructor(
    private readonly where: string,
    private readonly refuse: (got: string) => never,
    private readonly arrays: ReadonlyMap<string, Float64Array> = new Map(),
  ) {}

  decode(value: unknown): unknown {
    if (typeof value === "number" && !Number.isFinite(value))
      return this.refuse(`a number beyond doubles at ${this.place()}`);
    if (typeof value !== "object" || value === null) return value;
    if (Array.isArray(value)) return value.map((item, i) => this.within(i, item));
    if (Object.hasOwn(value, "$")) return this.special(value as { $: unknown; base64?: unknown });
    const entries = Object.entries(value).map(([key, item]) => [
      key.startsWith("$$") ? key.slice(1) : key,
      this.within(key, item),
    ]);
    const record = Object.fromEntries(entries);
    if (tensorFits(record)) return migrateResult(this.where, record);
    return this.refuse(`a tensor whose shape does not fit its data at ${this.place()}`);
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
    const array = this.beside({ $: word, ...rest });
    return array ?? this.refuse(`a damaged or unknown value at ${this.place()}`);
  }

  /** An array that is beside the text: doubles, or a list of numbers as JSON has them. */
  private beside({ $: word, name, was }: { $: unknown; name?: unknown; was?: unknown }): unknown {
    const data = word === "array" && typeof name === "string" ? this.arrays.get(name) : undefined;
    return data && (was === "numbers" ? numbersToJson(data) : was === "doubles" ? data : undefined);
  }

  private within(key: string | number, value: unknown): unknown {
    this.path.push(key);
    if (this.path.length > deepest) this.refuse(`more than ${deepest} levels`);
    const item = this.decode(value);
    this.path.pop();
    return item;
  }

  private place(): string {
    return placeOf(this.path);
  }
}
