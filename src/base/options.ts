import { fail } from "./fail";
import { phrase, type Field, type Fields, type FieldsOf, type Filled } from "./field";
import { isCallable, isRecord } from "./kinds";
import { nearestName } from "./nearest-name";
import { show } from "./show";

/**
 * Options as a table describes them: unknown keys are refused with the nearest known one, every value is checked, and
 * defaults are filled in.
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
 * {@link readOptions} for a record that may hold more, such as the result of another function: other keys are not read,
 * and left out.
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
      expected: `${name} to be a record { ${listOf(Object.keys(table))} }`,
      got: show(given),
      fix: `Pass ${name} as a plain object of named values.`,
    });
  for (const key of Object.keys(record)) {
    if (Object.hasOwn(table, key)) continue;
    const near = inNested(key, table) ?? nearestName(key, Object.keys(table));
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

/** The first six names of a table. */
const listOf = (names: readonly string[]) => names.slice(0, 6).join(", ") + (names.length > 6 ? ", …" : "");

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

const isSignal = (value: unknown): boolean =>
  typeof value === "object" &&
  value !== null &&
  typeof (value as AbortSignal).aborted === "boolean" &&
  typeof (value as AbortSignal).addEventListener === "function";

/** The path of a name that belongs to a nested record of the options: `steps` gives `training.steps`. */
function inNested(name: string, table: Fields): string | undefined {
  for (const [outer, field] of Object.entries(table))
    if (field.is === "record" && Object.hasOwn(field.of, name)) return `${outer}.${name}`;
  return undefined;
}
