import { fail, powerOfTwo, powerOfTwoBelow } from "../base";
import type { Matrix, Tensor } from "../tensor";

/** Exponents up to this leave room for the fourth powers and the products that decompositions form. */
const ordinary = 100;

/** The whole number e with `2^e <= |value| < 2^(e + 1)`; 0 for zero. */
export function exponentOf(value: number): number {
  return value === 0 ? 0 : powerOfTwoBelow(Math.abs(value));
}

/** `value 2^exponent`, exact where doubles can hold it. */
export const timesPowerOfTwo = (value: number, exponent: number): number =>
  powersOf(exponent).reduce((product, factor) => product * factor, value);

/** Powers of two whose product is `2^exponent`, each within the range of doubles. */
function powersOf(exponent: number): number[] {
  const rest = exponent % 1000;
  const whole = Array.from({ length: Math.abs(exponent - rest) / 1000 }, () => powerOfTwo(exponent < 0 ? -1000 : 1000));
  return [powerOfTwo(rest), ...whole];
}

/** `x 2^exponent`; x itself, not a copy, where the exponent is 0. */
export function rescaled<T extends Tensor>(x: T, exponent: number): T {
  if (exponent === 0) return x;
  const data = x.data.slice();
  for (const factor of powersOf(exponent)) for (let i = 0; i < data.length; i++) data[i] *= factor;
  return { ...x, data };
}

/**
 * The exponent of the unit in which data of this size are computed: 0 where squares and fourth powers neither overflow
 * nor vanish. Powers of two are exact, so results of ordinary data do not depend on it, and others are those of
 * ordinary data to the bit.
 */
export function unitOf(size: number): number {
  const exponent = exponentOf(size);
  return Math.abs(exponent) <= ordinary ? 0 : exponent;
}

/** Exponents of the columns of every factor, one list per mode. */
export type ColumnUnits = readonly (readonly number[])[];

/**
 * The units of the columns of factors: 0 everywhere, but where some column is too large or too small to be multiplied.
 */
export function columnUnits(factors: readonly Matrix[]): ColumnUnits {
  const exponents = factors.map(columnExponents);
  const extreme = exponents.some((column) => column.some((exponent) => Math.abs(exponent) > ordinary));
  return extreme ? exponents : exponents.map((column) => column.map(() => 0));
}

/** The exponent of the largest entry of every column; 0 for a column of zeros. */
export function columnExponents({ shape: [, rank], data }: Matrix): number[] {
  const largest = new Float64Array(rank);
  for (let i = 0; i < data.length; i++) largest[i % rank] = Math.max(largest[i % rank], Math.abs(data[i]));
  return Array.from(largest, exponentOf);
}

/** Column r of the factor times `2^exponents[r]`. */
export function rescaledColumns(f: Matrix, exponents: readonly number[]): Matrix {
  if (exponents.every((exponent) => exponent === 0)) return f;
  const rank = f.shape[1],
    data = f.data.slice();
  for (const [r, exponent] of exponents.entries())
    for (const factor of powersOf(exponent)) for (let i = r; i < data.length; i += rank) data[i] *= factor;
  return { shape: f.shape, data };
}

/** Column r of the factor divided by `2^exponents[r]`. */
export const dividedColumns = (f: Matrix, exponents: readonly number[]): Matrix =>
  rescaledColumns(
    f,
    exponents.map((exponent) => -exponent),
  );

/** Refuse numbers that left the range of doubles when they were brought back to the unit of the data. */
export function checkRange(where: string, name: string, data: Float64Array): void {
  if (data.every(Number.isFinite)) return;
  fail(where, {
    expected: `${name} within the range of doubles`,
    got: "larger numbers than 1.8e308",
    fix: "Divide the data by a power of ten first.",
  });
}

/**
 * Every column times the power of two that makes its largest entry about 1: cosines of columns stay what they are, and
 * squares are in range.
 */
export const columnsInRange = (f: Matrix): Matrix => dividedColumns(f, columnExponents(f));
