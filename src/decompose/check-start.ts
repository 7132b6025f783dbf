import { fail, isRecord, show } from "../base";

/** Refuse what no decomposition begins from: a kind of start by name, factors, or an earlier result. */
export function checkStart(where: string, name: string, value: unknown): void {
  const isUsable =
    value === "random" ||
    value === "hosvd" ||
    Array.isArray(value) ||
    (isRecord(value) && Array.isArray(value.factors));
  if (isUsable) return;
  fail(where, {
    expected: `${name} to be "random", "hosvd", factors or an earlier result`,
    got: show(value),
    fix: `Pass one of these as ${name}, or leave it out.`,
  });
}
