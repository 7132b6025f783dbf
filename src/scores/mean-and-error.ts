import { square } from "../base";

/** A mean over repetitions such as folds, with its standard error; null of one repetition, or of none. */
export interface MeanAndError {
  readonly mean: number | null;
  readonly error: number | null;
}

/** The mean of those that are numbers, and the standard deviation of that mean. */
export function meanAndError(given: readonly (number | null)[]): MeanAndError {
  const values = given.filter((value) => value !== null),
    count = values.length;
  if (count === 0) return { mean: null, error: null };
  const mean = values.reduce((sum, value) => sum + value / count, 0);
  if (count === 1) return { mean, error: null };
  const squares = values.reduce((sum, value) => sum + square(value - mean), 0);
  return { mean, error: Math.sqrt(squares / (count - 1) / count) };
}
