import type { Json, Part } from "./specification";

/** A character of no width. */
const mark = "\u200b";

/**
 * A view whose texts can be drawn, whatever they are. Vega looks up names in plain objects, where those that every
 * object has are taken: `__proto__` would be drawn as "undefined", and `constructor` not at all. In data and in domains
 * such a text is followed by a character of no width.
 */
export const freeNames = (view: Part): Part => (hasTaken(view) ? (freed(view) as Part) : view);

const isTaken = (text: string): boolean => text in Object.prototype;

function hasTaken(value: Json): boolean {
  if (typeof value === "string") return isTaken(value);
  if (typeof value !== "object" || value === null) return false;
  for (const name in value) if (hasTaken((value as Part)[name])) return true;
  return false;
}

function freed(value: Json): Json {
  if (typeof value === "string") return isTaken(value) ? value + mark : value;
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(freed);
  return Object.fromEntries(Object.entries(value as Part).map(([name, part]) => [name, freed(part)]));
}
