import { isRecord } from "../base";

const mostEntries = 8;

/** A value of provenance as a reader reads it; to the last digit it stands in the snippet. */
export function inText(value: unknown, nested = false): string {
  if (value === null || value === undefined) return "none";
  if (typeof value === "number") return String(Number(value.toPrecision(6)));
  if (Array.isArray(value)) return listInText(value);
  if (!isRecord(value)) return String(value);
  const { kind, ...rest } = value as Readonly<Record<string, unknown>>;
  const parts = Object.entries(rest).map(([name, one]) => `${name}: ${inText(one, true)}`);
  if (typeof kind === "string") return parts.length > 0 ? `${kind} (${parts.join(", ")})` : kind;
  const text = parts.join(", ") || "none";
  return nested ? `(${text})` : text;
}

function listInText(list: readonly unknown[]): string {
  if (list.length === 0) return "none";
  const texts = list.map((one) => inText(one, true));
  if (list.length <= mostEntries) return texts.join(", ");
  return `${texts.slice(0, mostEntries - 1).join(", ")} … ${texts[list.length - 1]} (${list.length} in all)`;
}
