import { fail, isRecord, show } from "../base";

/** Refuse what Tucker does not begin from: a kind of start by name, factors, or an earlier result. */
export const checkStart = (where: string, name: string, value: unknown): void =>
  checkKind(where, name, value, ["random", "hosvd"]);

/** Refuse what CP does not begin from. */
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
