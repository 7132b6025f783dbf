import { expect, test } from "vitest";
import * as elementary from "../../src/base/elementary";
import { sweep } from "../support/sweep";
import { readFileSync } from "node:fs";

const view = new DataView(new ArrayBuffer(8));
const fromHex = (hex: string): number => {
  view.setBigUint64(0, BigInt(`0x${hex}`));
  return view.getFloat64(0);
};
/** Doubles in their order: neighbors differ by 1. */
const ordinal = (x: number): bigint => {
  view.setFloat64(0, x);
  const bits = view.getBigInt64(0);
  return bits < 0n ? -(bits & 0x7fffffffffffffffn) : bits;
};
const ulps = (got: number, want: number): number => {
  const difference = Number(ordinal(got) - ordinal(want));
  return Number.isNaN(got) ? Number.POSITIVE_INFINITY : Math.abs(difference);
};
const oracle = JSON.parse(readFileSync(new URL("../oracles/elementary.json", import.meta.url), "utf8")) as Record<
  string,
  string[][]
>;
const functions = Object.entries(elementary).filter(([name]) => name !== "square") as [
  string,
  (...of: number[]) => number,
][];

/** The distance of a double from its neighbor away from zero. */
const lastPlace = (x: number): number => {
  view.setFloat64(0, Math.abs(x));
  view.setBigInt64(0, view.getBigInt64(0) + 1n);
  return view.getFloat64(0) - Math.abs(x);
};

test.each(functions)("%s is within 0.9 units in the last place, over its whole range", (name, f) => {
  const rows = oracle[name];
  expect(rows.length).toBeGreaterThan(200);
  for (const row of rows) {
    const numbers = row.map(fromHex),
      [want, beyond] = numbers.slice(-2), // the value, correctly rounded, and what was rounded off
      of = numbers.slice(0, -2),
      got = f(...of);
    if (Number.isFinite(want))
      expect(Math.abs(got - want - beyond) / lastPlace(want), `${name}(${of.join(", ")})`).toBeLessThan(0.9);
    else expect(got).toBe(want);
  }
});

const { acos, asin, atanh, cos, exp, expm1, log, log1p, pow, sin, tan } = elementary;

test("zeros, infinities, NaN and the ends of the ranges are those of the language", () => {
  const odd = [
    0,
    -0,
    1,
    -1,
    0.5,
    -0.5,
    2,
    -2,
    3,
    Infinity,
    -Infinity,
    NaN,
    5e-324,
    -5e-324,
    1e308,
    -1e308,
    709.9,
    -746,
    1e-320,
  ];
  for (const x of odd) {
    for (const [name, f] of functions) {
      if (name === "pow") continue;
      const want = (Math as unknown as Record<string, (x: number) => number>)[name](x),
        got = f(x);
      if (Number.isFinite(want) && want !== 0) expect(ulps(got, want), `${name}(${x})`).toBeLessThanOrEqual(1);
      else expect(Object.is(got, want), `${name}(${x}) is ${got}, not ${want}`).toBe(true);
    }
    for (const y of [...odd, 1 / 3, -3, 1024, 2 ** 53, 1e300]) {
      const want = x ** y,
        got = pow(x, y);
      if (Number.isFinite(want) && want !== 0) expect(ulps(got, want), `pow(${x}, ${y})`).toBeLessThanOrEqual(1);
      else expect(Object.is(got, want), `pow(${x}, ${y}) is ${got}, not ${want}`).toBe(true);
    }
  }
});

test("laws: symmetries to the bit, inverses to rounding, powers of small whole numbers exact", () =>
  sweep((draw) => {
    const x = 20 * draw.uniform() - 10;
    for (const f of [sin, tan]) expect(f(-x)).toBe(-f(x));
    expect(cos(-x)).toBe(cos(x));
    expect(Math.abs(sin(x) * sin(x) + cos(x) * cos(x) - 1)).toBeLessThan(4e-16);
    expect(Math.abs(log(exp(x)) - x)).toBeLessThan(1e-15 * Math.max(1, Math.abs(x)));
    // near -1 the argument is short of digits
    expect(Math.abs(log1p(expm1(x)) - x)).toBeLessThan(1e-12 * Math.max(1, Math.abs(x)));
    const y = 2 * draw.uniform() - 1;
    expect(Math.abs(sin(asin(y)) - y)).toBeLessThan(3e-16);
    expect(Math.abs(asin(y) + acos(y) - Math.PI / 2)).toBeLessThan(5e-16);
    expect(asin(-y)).toBe(-asin(y));
    expect(atanh(-y)).toBe(-atanh(y));
    const base = draw.int(2, 12),
      exponent = draw.int(0, 14);
    let power = 1;
    for (let i = 0; i < exponent; i++) power *= base;
    if (power < 9007199254740992) expect(pow(base, exponent)).toBe(power);
    expect(pow(2, draw.int(-1074, 1023))).toBeGreaterThan(0);
  }, 200));
