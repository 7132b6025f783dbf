import { fail } from "./fail";
import { show } from "./show";

/**
 * What one option may be. Plain data, so that a table of them is no work when a module is loaded, and a bundler can drop it.
 *
 * Every field is optional unless `needed`. `fallback` is the default: it is filled in where the option is absent or undefined. `null` is never taken for absent.
 */
export type Field = { readonly needed?: true } & (
  | { readonly is: "whole number"; readonly least?: number; readonly most?: number; readonly fallback?: number }
  /** finite */
  | {
      readonly is: "number";
      readonly above?: number;
      readonly least?: number;
      readonly below?: number;
      readonly most?: number;
      readonly fallback?: number;
    }
  /** a finite number */
  | { readonly is: "seed"; readonly fallback?: number }
  | { readonly is: "boolean"; readonly fallback?: boolean }
  | { readonly is: "name"; readonly of: readonly string[]; readonly fallback?: string }
  | { readonly is: "text"; readonly fallback?: string }
  | { readonly is: "function" }
  | { readonly is: "AbortSignal" }
  | { readonly is: "list"; readonly of: Field; readonly fallback?: readonly unknown[] }
  | { readonly is: "record"; readonly of: Fields; readonly fallback?: Readonly<Record<string, unknown>> }
  /** whatever `check` does not refuse */
  | {
      readonly is: "checked";
      readonly check: (where: string, name: string, value: unknown) => void;
      readonly fallback?: unknown;
    }
);

export type Fields = Readonly<Record<string, Field>>;

/** A table with one field for every option of `O`: `const table = { … } as const satisfies FieldsOf<CpOptions>`. */
export type FieldsOf<O> = { readonly [K in keyof O]-?: Field };

/** The options with what the table fills in. */
export type Filled<O, T> = {
  readonly [K in keyof O]-?: K extends keyof T
    ? T[K] extends { readonly fallback: unknown } | { readonly needed: true }
      ? Exclude<O[K], undefined>
      : O[K] | undefined
    : never;
};

/**
 * Options as a table describes them: unknown keys are refused with the nearest known one, every value is checked, and defaults are filled in.
 *
 * `name` is what the record is called in messages: "options", or the name of an argument.
 *
 * @throws {@link LtrnnError} in the name of `where`, the public function that was called
 * @remarks Enumerable own keys are read once. A key whose value is undefined is absent.
 */
export function readOptions<O extends object, const T extends FieldsOf<O>>(
  where: string,
  given: O | undefined,
  table: T,
  name = "options",
): Filled<O, T> {
  return readRecord(where, name, given, table as unknown as Fields) as Filled<O, T>;
}

/**
 * {@link readOptions} for a record that may hold more, such as the result of another function: other keys are let through
 * unread, and left out.
 */
export function readPart<O extends object, const T extends FieldsOf<O>>(
  where: string,
  given: O,
  table: T,
  name: string,
): Filled<O, T> {
  const whole: unknown = given;
  const part = isRecord(whole) ? Object.fromEntries(Object.keys(table).map((key) => [key, whole[key]])) : whole;
  return readRecord(where, name, part === undefined ? null : part, table as unknown as Fields) as Filled<O, T>;
}

function readRecord(where: string, name: string, given: unknown, table: Fields): Record<string, unknown> {
  const record = given === undefined ? {} : given;
  if (!isRecord(record))
    fail(where, {
      expected: `${name} to be a record { ${Object.keys(table).slice(0, 6).join(", ")}${Object.keys(table).length > 6 ? ", …" : ""} }`,
      got: show(given),
      fix: `Pass ${name} as a plain object of named values.`,
    });
  for (const key of Object.keys(record)) {
    if (Object.hasOwn(table, key)) continue;
    const near = inNested(key, table) ?? nearest(key, Object.keys(table));
    fail(where, {
      expected: `${name} by known names`,
      got: `the unknown name ${key.length > 40 ? `${key.slice(0, 40)}…` : key}`,
      fix: near ? `Did you mean ${near}?` : `Known names are ${Object.keys(table).join(", ")}.`,
    });
  }
  const out: Record<string, unknown> = {};
  for (const [key, field] of Object.entries(table)) {
    const value = Object.hasOwn(record, key) ? record[key] : undefined;
    out[key] =
      value === undefined
        ? absent(where, labelOf(name, key), field)
        : readField(where, labelOf(name, key), value, field);
  }
  return out;
}

const labelOf = (name: string, key: string) => (name === "options" ? key : `${name}.${key}`);

function absent(where: string, name: string, field: Field): unknown {
  if (field.needed)
    fail(where, { expected: `${name} to be given, ${phrase(field)}`, got: "undefined", fix: `Add ${name}.` });
  return "fallback" in field && field.fallback !== undefined
    ? field.is === "record"
      ? readRecord(where, name, field.fallback, field.of)
      : field.fallback
    : undefined;
}

/** Check one value that is not undefined, and give it back with the defaults of nested records filled in. */
function readField(where: string, name: string, value: unknown, field: Field): unknown {
  const refuse = (): never =>
    fail(where, {
      expected: `${name} to be ${phrase(field)}`,
      got: show(value),
      fix: `Pass ${phrase(field)} as ${name}.`,
    });
  switch (field.is) {
    case "whole number":
      return Number.isInteger(value) && within(value as number, field) ? value : refuse();
    case "number":
      return Number.isFinite(value) && within(value as number, field) ? value : refuse();
    case "seed":
      return Number.isFinite(value) ? value : refuse();
    case "boolean":
      return typeof value === "boolean" ? value : refuse();
    case "name":
      return typeof value === "string" && field.of.includes(value) ? value : refuse();
    case "text":
      return typeof value === "string" ? value : refuse();
    case "function":
      return isCallable(value) ? value : refuse();
    case "AbortSignal":
      return isSignal(value) ? value : refuse();
    case "list":
      if (!Array.isArray(value)) return refuse();
      return Array.from(value, (item, i) => readField(where, `${name}[${i}]`, item, field.of));
    case "record":
      return readRecord(where, name, value, field.of);
    case "checked":
      field.check(where, name, value);
      return value;
  }
}

function within(
  value: number,
  { above, least, below, most }: { above?: number; least?: number; below?: number; most?: number },
): boolean {
  return (
    (above === undefined || value > above) &&
    (least === undefined || value >= least) &&
    (below === undefined || value < below) &&
    (most === undefined || value <= most)
  );
}

/** What a field takes, in words: for messages, and for the reference. */
export function phrase(field: Field): string {
  switch (field.is) {
    case "whole number":
      return `a whole number${rangeOf(field)}`;
    case "number":
      return `a finite number${rangeOf(field)}`;
    case "seed":
      return "a finite number to seed with";
    case "boolean":
      return "true or false";
    case "name":
      return field.of.map((name) => `"${name}"`).join(" or ");
    case "text":
      return "a text";
    case "function":
      return "a function";
    case "AbortSignal":
      return "an AbortSignal, such as controller.signal";
    case "list":
      return `an array, each entry ${phrase(field.of)}`;
    case "record":
      return `a record { ${Object.keys(field.of).join(", ")} }`;
    case "checked":
      return "a valid value";
  }
}

function rangeOf({
  above,
  least,
  below,
  most,
}: {
  above?: number;
  least?: number;
  below?: number;
  most?: number;
}): string {
  const low = above !== undefined ? ` above ${above}` : least !== undefined ? ` of at least ${least}` : "";
  const high = below !== undefined ? `below ${below}` : most !== undefined ? `at most ${most}` : "";
  return low && high ? `${low} and ${high}` : low || (high && ` ${high}`);
}

/** A plain object: what braces make, also in another realm, or without a prototype. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value) || ArrayBuffer.isView(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** A function that can be called; a class cannot, without `new`. */
export const isCallable = (value: unknown): value is (...args: never[]) => unknown =>
  typeof value === "function" && !/^class\b/.test(Function.prototype.toString.call(value));

const isSignal = (value: unknown): boolean =>
  typeof value === "object" &&
  value !== null &&
  typeof (value as AbortSignal).aborted === "boolean" &&
  typeof (value as AbortSignal).addEventListener === "function";

/** The known name nearest to a misspelt one, where at most a third of its letters differ, or one begins with the other. */
function nearest(name: string, known: readonly string[]): string | undefined {
  const wanted = name.toLowerCase().slice(0, 40);
  const scored = known.map((candidate) => ({ candidate, distance: editDistance(wanted, candidate.toLowerCase()) }));
  const best = scored.sort((p, q) => p.distance - q.distance)[0];
  if (best && best.distance <= Math.max(2, best.candidate.length / 3)) return best.candidate;
  return known.find(
    (candidate) =>
      wanted.length > 2 && (candidate.toLowerCase().startsWith(wanted) || wanted.startsWith(candidate.toLowerCase())),
  );
}

/** The path of a name that a record within the options knows: steps is training.steps. */
function inNested(name: string, table: Fields): string | undefined {
  for (const [outer, field] of Object.entries(table))
    if (field.is === "record" && Object.hasOwn(field.of, name)) return `${outer}.${name}`;
  return undefined;
}

/** Insertions, deletions and substitutions from one text to the other (Levenshtein). */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
    row = next;
  }
  return row[b.length];
}
