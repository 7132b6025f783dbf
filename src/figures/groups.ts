import { fail, show } from "../base";
import type { Label, Labels } from "../masks";
import type { Mark } from "./marks";

/** Trials by their labels. */
export interface Groups {
  /** numbers in ascending order, then other labels in that of their texts */
  readonly names: readonly string[];
  /** which of the names each trial has */
  readonly of: readonly number[];
}

/** Refuse what is no list of labels: the check of an option. */
export function checkLabelList(where: string, name: string, labels: unknown): void {
  const list = Array.isArray(labels) || (ArrayBuffer.isView(labels) && !(labels instanceof DataView));
  const all: unknown[] = list ? Array.from(labels as ArrayLike<unknown>) : [];
  if (list && all.every((one) => kinds.includes(typeof one) && !Number.isNaN(one))) return;
  fail(where, {
    expected: `${name} to be a list of labels, one per trial`,
    got: show(labels),
    fix: "Pass numbers, texts or booleans.",
  });
}

const kinds: readonly string[] = ["number", "string", "boolean", "bigint"];

export const labelsField = { is: "checked", check: checkLabelList } as const;

/** Trials by their labels; undefined where there are none. */
export function groupsOf(where: string, name: string, labels: Labels | undefined, trials: number): Groups | undefined {
  if (labels === undefined) return undefined;
  const given = textsOf(where, name, labels, trials);
  const different = [...new Set(Array.from(labels as ArrayLike<Label>))].sort(before).map(String),
    names = [...new Set(different)];
  const at = new Map(names.map((text, i) => [text, i]));
  return { names, of: given.map((text) => at.get(text) ?? 0) };
}

/** Where epochs begin, as marks that lines are not joined across. */
export function epochMarks(where: string, epochs: Labels | undefined, trials: number): Mark[] {
  if (epochs === undefined) return [];
  const given = textsOf(where, "epochs", epochs, trials);
  return given.flatMap((label, x) =>
    x === 0 || label !== given[x - 1] ? [{ x: x === 0 ? 0 : x - 0.5, label, breaks: x > 0 }] : [],
  );
}

function textsOf(where: string, name: string, labels: Labels, trials: number): string[] {
  const given = Array.from(labels as ArrayLike<Label>, String);
  if (given.length !== trials)
    fail(where, {
      expected: `one label per trial in ${name}, ${trials}`,
      got: String(given.length),
      fix: "Pass as many labels as there are trials.",
    });
  return given;
}

function before(a: Label, b: Label): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  if (typeof a === "number" || typeof b === "number") return typeof a === "number" ? -1 : 1;
  return String(a) < String(b) ? -1 : String(a) > String(b) ? 1 : 0;
}
