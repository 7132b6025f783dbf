import { fail, readOptions, show, type Fields } from "../base";

const mostPoints = 1_000_000;

/** Refuse what is no list of numbers; NaN and infinities are left out when they are drawn. */
export function checkNumbers(where: string, name: string, values: unknown): void {
  const list = Array.isArray(values) || (ArrayBuffer.isView(values) && !(values instanceof DataView));
  if (!list) fail(where, { expected: `${name} to be a list of numbers`, got: show(values), fix: "Pass an array." });
  const numbers = values as ArrayLike<unknown>;
  for (let i = 0; i < numbers.length; i++)
    if (typeof numbers[i] !== "number")
      fail(where, {
        expected: `numbers in ${name}`,
        got: `${show(numbers[i])} as entry ${i}`,
        fix: "Pass NaN where a value is missing.",
      });
}

/** Series of points as a table describes them, with as many x as y in each. */
export function readSeries<S extends { readonly x: ArrayLike<number>; readonly y: ArrayLike<number> }>(
  where: string,
  name: string,
  series: readonly S[],
  fields: Fields,
): readonly S[] {
  if (!Array.isArray(series))
    fail(where, { expected: `${name} to be an array of records`, got: show(series), fix: "Pass [{ x, y }]." });
  const read = Array.from(
    series,
    (given, i) => readOptions(where, given ?? null, fields as never, `${name}[${i}]`) as S,
  );
  let points = 0;
  read.forEach(({ x, y }, i) => {
    if (x.length !== y.length)
      fail(where, {
        expected: `as many x as y in ${name}[${i}]`,
        got: `${x.length} and ${y.length}`,
        fix: "Give every point both.",
      });
    points += x.length;
  });
  if (points > mostPoints)
    fail(where, {
      expected: `at most ${mostPoints} points`,
      got: String(points),
      fix: "Draw every n-th of them: no more can be seen.",
    });
  return read;
}

/** All values of one coordinate. */
export function* everyValue(lists: readonly ArrayLike<number>[]): Generator<number> {
  for (const list of lists) for (let i = 0; i < list.length; i++) yield list[i];
}
