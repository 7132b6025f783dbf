/**
 * What one option may be. Plain data, so that a table of them runs no code when a module is loaded, and a bundler can
 * drop it.
 *
 * Every field is optional unless `needed`. `fallback` is the default: it is filled in where the option is absent or
 * undefined. `null` is never taken for absent.
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
