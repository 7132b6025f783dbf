import { fail, show } from "../base";
import { JsonDecoder } from "./json-decoder";

/**
 * The record that {@link toJson} saved, equal to it to the last bit.
 *
 * A model comes back as the record of its `toJSON`: pass it to `modelFromJson`. A result of an earlier format is
 * converted to the current one (`provenance.schema`).
 *
 * @typeParam T - what the caller knows the record to be; it is not checked
 * @throws {@link LtrnnError} when the text is no JSON, or holds a tensor that is damaged or of a kind unknown to this
 * version, or a result in the form of a later one
 * @remarks `O(size)`.
 * @example fromJson<{ x: Vector }>(toJson({ x: tensor([2], [NaN, -0]) })).x.data // Float64Array [NaN, -0]
 */
export function fromJson<T = unknown>(text: string): T {
  return new JsonDecoder("fromJson", refuse).decode(parse(text)) as T;
}

function parse(text: string): unknown {
  if (typeof text !== "string") refuse(show(text));
  try {
    return JSON.parse(text);
  } catch {
    return refuse("text that is not JSON");
  }
}

const refuse = (got: string): never =>
  fail("fromJson", { expected: "text that toJson made", got, fix: "Save the record again with toJson." });
