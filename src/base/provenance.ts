import { defined } from "./defined";

/** The version of this library, as in its package.json. */
export const version = "0.1.0";

/**
 * The form of results, counted from 0: it grows where a name in them changes. `fromJson` brings saved ones up to this
 * form, and refuses later ones.
 */
export const schema = 1;

/** The option `schema` of a provenance that is read: later forms are refused. */
export const schemaField = { is: "whole number", least: 0, most: schema, fallback: 0 } as const;

/**
 * What made a result. Plain data, so it can be saved with the result: the function `by`, called with the same data,
 * these options and the seed, makes it again to the bit, where all parts have a description.
 */
export interface Provenance {
  /** the function that made it */
  readonly by: string;
  /** the version of ltrnn */
  readonly version: string;
  /** the form of the result: readers bring earlier ones up to theirs; absent: 0, the first */
  readonly schema?: number;
  /** the seed, or null where nothing was drawn */
  readonly seed: number | null;
  /** every option that is not data, with defaults filled in and parts as their descriptions */
  readonly options: Readonly<Record<string, unknown>>;
  /** other facts: which data, and what they were computed with */
  readonly facts: Readonly<Record<string, unknown>>;
}

/** The {@link Provenance} of a result of this version. Options that are undefined are left out. */
export const provenance = (
  by: string,
  seed: number | null,
  options: Readonly<Record<string, unknown>>,
  facts: Readonly<Record<string, unknown>> = {},
): Provenance => ({
  by,
  version,
  schema,
  seed,
  options: defined(options),
  facts,
});
