/** The version of this library, as in its package.json. */
export const version = "0.1.0";

/** What made a result: enough to make it again. Plain data, so it can be saved with the result. */
export interface Provenance {
  /** the function that made it */
  readonly by: string;
  /** the version of ltrnn */
  readonly version: string;
  /** the seed, or null where nothing was drawn */
  readonly seed: number | null;
  /** every option, defaults filled in */
  readonly options: Readonly<Record<string, unknown>>;
}

/** The {@link Provenance} of a result of this version. */
export const provenance = (
  by: string,
  seed: number | null,
  options: Readonly<Record<string, unknown>>,
): Provenance => ({ by, version, seed, options });
