/** Keys from the top of a record to a value in it. */
export type JsonPath = (string | number)[];

/** Records within records beyond this depth are refused; the results of this library nest far less deeply. */
export const deepest = 500;

/** A path in words: the first keys of it, none of them long. */
export function placeOf(path: readonly (string | number)[]): string {
  if (path.length === 0) return "the top";
  const keys = path.slice(0, 20).map((key) => (String(key).length > 40 ? `${String(key).slice(0, 40)}…` : String(key)));
  return keys.join(".") + (path.length > 20 ? "…" : "");
}

/** Whether a record that looks like a tensor is one: a shape and doubles have to agree. */
export function tensorFits(record: object): boolean {
  const { shape, data } = record as { shape?: unknown; data?: unknown };
  if (!Array.isArray(shape) || !(data instanceof Float64Array)) return true;
  if (!shape.every((size) => Number.isSafeInteger(size) && size >= 0)) return false;
  return data.length === (shape.includes(0) ? 0 : shape.reduce((product: number, size: number) => product * size, 1));
}
