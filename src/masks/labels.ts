import { fail, show } from "../base";

/** The name of a condition or an epoch. */
export type Label = number | string | boolean | bigint;

/** One label per trial: an array, or a typed array as file readers give it. */
export type Labels =
  | readonly Label[]
  | Float64Array
  | Float32Array
  | Int8Array
  | Uint8Array
  | Uint8ClampedArray
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array;

/** Trials sorted into rows, one row per different label. */
export interface LabelRows {
  /** the row of each trial */
  readonly rows: readonly number[];
  /** the label of each row, in ascending order, in the type that it came in */
  readonly labels: readonly Label[];
}

/**
 * The rows that labels sort trials into. Absent labels put all trials into row 0, whose label is 0.
 *
 * @throws {@link LtrnnError} in the name of `where` when labels and trials differ in number, or one is not a label
 */
export function labelRows(where: string, name: string, labels: unknown, trials: number): LabelRows {
  if (labels === undefined) return { rows: new Array<number>(trials).fill(0), labels: [0] };
  const given = readLabels(where, name, labels, trials);
  const different = [...new Set(given)].sort(ascending);
  const rowOf = new Map(different.map((label, row) => [label, row]));
  return { rows: given.map((label) => rowOf.get(label) as number), labels: different };
}

/** Refuse what is not a list of labels, of any length: the check of an option. */
export function checkLabels(where: string, name: string, labels: unknown): void {
  if (!isList(labels))
    fail(where, {
      expected: `${name} to be an array or a typed array of labels, one per trial`,
      got: show(labels),
      fix: isTensorLike(labels) ? `Pass the entries of the tensor, its data, as ${name}.` : `Pass an array as ${name}.`,
    });
}

/** Refuse what is not a label: the check of an option. */
export function checkLabel(where: string, name: string, label: unknown): void {
  if (!isLabel(label))
    fail(where, {
      expected: `${name} to be a finite number, a string, a boolean or a BigInt`,
      got: show(label),
      fix: `Pass a label as ${name}.`,
    });
}

function readLabels(where: string, name: string, labels: unknown, trials: number): readonly Label[] {
  checkLabels(where, name, labels);
  const { length } = labels as ArrayLike<unknown>;
  if (length !== trials)
    fail(where, {
      expected: `${trials} ${name}, one per trial`,
      got: String(length),
      fix: `Pass ${name} with one label for each of the ${trials} trials.`,
    });
  const given = Array.from(labels as ArrayLike<unknown>);
  const bad = given.findIndex((label) => !isLabel(label));
  if (bad >= 0)
    fail(where, {
      expected: `${name} to be finite numbers, strings, booleans or BigInts`,
      got: `${show(given[bad])} for trial ${bad}`,
      fix: "Give that trial a label, or leave it out of the data.",
    });
  return given as Label[];
}

const isList = (value: unknown): boolean =>
  Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));

const isTensorLike = (value: unknown): boolean =>
  typeof value === "object" && value !== null && isList((value as { readonly data?: unknown }).data);

const isLabel = (value: unknown): value is Label =>
  typeof value === "string" ||
  typeof value === "boolean" ||
  typeof value === "bigint" ||
  (typeof value === "number" && Number.isFinite(value));

/** Numbers by size, texts by code unit (the same on every machine), other types apart, by the name of the type. */
function ascending(p: Label, q: Label): number {
  if (typeof p !== typeof q) return typeof p < typeof q ? -1 : 1;
  return p < q ? -1 : p > q ? 1 : 0;
}
