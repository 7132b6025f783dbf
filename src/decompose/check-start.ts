import { fail, isRecord, show } from "../base";

/** Refuse what is not a start of Tucker: the name of a kind of start, factors, or an earlier result. */
export const checkStart = (where: string, name: string, value: unknown): void =>
  checkKind(where, name, value, ["random", "hosvd"]);

/** Refuse what is not a start of CP. */
export const checkCpStart = (where: string, name: string, value: unknown): void =>
  checkKind(where, name, value, ["random", "hosvd", "nndsvd"]);

function checkKind(where: string, name: string, value: unknown, kinds: readonly string[]): void {
  const isUsable =
    (typeof value === "string" && kinds.includes(value)) ||
    Array.isArray(value) ||
    (isRecord(value) && Array.isArray(value.factors));
  if (isUsable) return;
  fail(where, {
    expected: `${name} to be ${kinds.map((kind) => `"${kind}"`).join(", ")}, factors or an earlier result`,
    got: show(value),
    fix: `Pass one of these as ${name}, or leave it out.`,
  });
}
