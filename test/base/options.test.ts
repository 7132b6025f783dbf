import { expect, test } from "vitest";
import { advice, type FieldsOf, LtrnnError, readOptions, show } from "../../src/base";

interface Options {
  readonly sweeps?: number;
  readonly tolerance?: number;
  readonly missing?: "exact" | "impute";
  readonly signal?: AbortSignal;
  readonly training?: { readonly steps?: number };
  readonly seeds?: readonly number[];
  readonly rate: number;
}
const table = {
  sweeps: { is: "whole number", least: 1, fallback: 500 },
  tolerance: { is: "number", least: 0, below: 1, fallback: 1e-8 },
  missing: { is: "name", of: ["exact", "impute"], fallback: "exact" },
  signal: { is: "AbortSignal" },
  training: { is: "record", of: { steps: { is: "whole number", least: 1, fallback: 300 } }, fallback: {} },
  seeds: { is: "list", of: { is: "seed" } },
  rate: { is: "number", above: 0, needed: true },
} as const satisfies FieldsOf<Options>;
const read = (given: unknown) => readOptions<Options, typeof table>("solve", given as Options, table);

test("defaults are filled in, nested ones too, and what is given stays", () => {
  expect(read({ rate: 2, tolerance: 0, training: undefined })).toEqual({
    sweeps: 500,
    tolerance: 0,
    missing: "exact",
    signal: undefined,
    training: { steps: 300 },
    seeds: undefined,
    rate: 2,
  });
  expect(read({ rate: 2, training: { steps: 5 }, seeds: [1, 2] })).toMatchObject({
    training: { steps: 5 },
    seeds: [1, 2],
  });
});

test.each([
  [null, /expected options to be a record \{ sweeps, .* \}, got null/],
  [7, /got 7/],
  [() => 0, /got a function/],
  [[1], /got an array of length 1/],
  [new Map(), /got a Map/],
  [{ rate: 1, sweep: 3 }, /got the unknown name sweep\. Did you mean sweeps\?/],
  [{ rate: 1, tol: 3 }, /the unknown name tol\. Did you mean tolerance\?/],
  [{ rate: 1, verbose: true }, /the unknown name verbose\. Known names are sweeps, tolerance/],
  [{ rate: 1, training: { step: 3 } }, /training by known names, got the unknown name step\. Did you mean steps/],
  [{ rate: 1, training: { steps: 0 } }, /training\.steps to be a whole number of at least 1, got 0/],
  [{ rate: 1, sweeps: 1.5 }, /sweeps to be a whole number of at least 1, got 1\.5/],
  [{ rate: 1, sweeps: "5" }, /got "5"/],
  [{ rate: 1, tolerance: Number.NaN }, /tolerance to be a finite number of at least 0 and below 1, got NaN/],
  [{ rate: 1, tolerance: 1 }, /got 1/],
  [{ rate: 1, missing: null }, /missing to be "exact" or "impute", got null/],
  [{ rate: 1, missing: "Exact" }, /got "Exact"/],
  [{ rate: 1, signal: new AbortController() }, /an AbortSignal, such as controller\.signal, got a AbortController/],
  [{ rate: 1, seeds: [1, Number.NaN] }, /seeds\[1\] to be a finite number to seed with, got NaN/],
  [{}, /rate to be given, a finite number above 0, got undefined/],
])("%s is refused in the name of the function that was called", (given, message) => {
  expect(() => read(given)).toThrow(message);
  expect(() => read(given)).toThrow(LtrnnError);
});

test("what came is shown in a few words, whatever it is", () => {
  const hostile = new Proxy(
    {},
    {
      ownKeys: () => {
        throw new Error("no");
      },
    },
  );
  const bare = Object.create(null) as object;
  for (const value of [
    undefined,
    null,
    "",
    1n,
    Symbol("s"),
    hostile,
    bare,
    [],
    new Float64Array(3),
    { shape: [2, Symbol("x")] },
  ])
    expect(show(value).length).toBeGreaterThan(1);
  expect(show("x".repeat(99_999)).length).toBeLessThan(80);
});

test("advice takes a status or a result, and nothing else", () => {
  expect(advice("aborted")).toBe(advice({ status: "aborted" }));
  for (const wrong of ["finished", "toString", 3, null, {}])
    expect(() => advice(wrong as "aborted")).toThrow(/advice: expected a result with a status/);
});
