import { expect, test } from "vitest";
import { LtrnnError, fail, last, provenance, random, schema, version } from "../../src/base";

test("a failure says where, what was expected, what came and how to go on, in words and in fields", () => {
  try {
    fail("unfold", { expected: "a mode from 0 to 2", got: "3", fix: "Count modes from 0." });
  } catch (error) {
    expect(error).toBeInstanceOf(LtrnnError);
    expect(error).toMatchObject({
      message: "unfold: expected a mode from 0 to 2, got 3. Count modes from 0.",
      where: "unfold",
      expected: "a mode from 0 to 2",
      got: "3",
      fix: "Count modes from 0.",
    });
    return;
  }
  throw new Error("nothing was thrown");
});

test("numbers have the moments of their distribution: five standard errors of 200000 draws are allowed", () => {
  const stream = random(1, "moments"),
    n = 200_000;
  let mean = 0,
    square = 0,
    third = 0,
    fourth = 0,
    uniform = 0;
  for (let i = 0; i < n; i++) {
    const x = stream.normal();
    mean += x / n;
    square += x ** 2 / n;
    third += x ** 3 / n;
    fourth += x ** 4 / n;
    uniform += stream.uniform() / n;
  }
  expect(Math.abs(mean)).toBeLessThan(5 / Math.sqrt(n));
  expect(Math.abs(square - 1)).toBeLessThan(5 * Math.sqrt(2 / n));
  expect(Math.abs(third)).toBeLessThan(5 * Math.sqrt(15 / n));
  expect(Math.abs(fourth - 3)).toBeLessThan(5 * Math.sqrt(96 / n));
  expect(Math.abs(uniform - 0.5)).toBeLessThan(5 * Math.sqrt(1 / 12 / n));
});

test("streams of one seed repeat; those of another seed, however near, or purpose do not", () => {
  const draws = (seed: number, purpose = "") => {
    const stream = random(seed, purpose);
    return Array.from({ length: 5 }, () => stream.uniform());
  };
  expect(draws(7)).toEqual(draws(7));
  for (const other of [draws(8), draws(7.5), draws(-7), draws(7, "noise"), draws(7 + 2 ** -40)])
    expect(other).not.toEqual(draws(7));
});

test("whole numbers cover their range evenly, and a shuffle keeps every item", () => {
  const stream = random(3),
    counts = [0, 0, 0, 0];
  for (let i = 0; i < 40_000; i++) counts[stream.int(2, 5) - 2]++;
  counts.forEach((count) => expect(Math.abs(count - 10_000)).toBeLessThan(5 * Math.sqrt(7500)));
  const items = Array.from({ length: 50 }, (_, i) => i),
    shuffled = stream.shuffled(items);
  expect(shuffled).not.toEqual(items);
  expect([...shuffled].sort((a, b) => a - b)).toEqual(items);
});

test("provenance is plain data, without what is undefined", () => {
  const made = provenance("cpAls", 3, { ridge: 0, mask: undefined }, { rank: 2 });
  expect(Object.keys(made.options)).toEqual(["ridge"]);
  expect(structuredClone(made)).toEqual({
    by: "cpAls",
    version,
    schema,
    seed: 3,
    options: { ridge: 0 },
    facts: { rank: 2 },
  });
});

test("a seed is a finite number and a purpose a text; ranges are whole numbers in order", () => {
  for (const seed of [Number.NaN, Infinity, "7", null, undefined, { seed: 3 }, 3n, Symbol("s")])
    expect(() => random(seed as number)).toThrow(/random: expected seed to be a finite number, got /);
  expect(() => random(1, 2 as never)).toThrow(/random: expected purpose to be a text, got 2/);
  expect(() => random(1).int(3, 2)).toThrow(
    /random: expected high to be a whole number at least 3|random: expected high/,
  );
  expect(() => random(1).int(0.5, 2)).toThrow(/random: expected low/);
});

test("last takes any loop, and refuses what is none or yields nothing", async () => {
  async function* later() {
    yield 1;
    yield 2;
  }
  expect(await last(later())).toBe(2);
  expect(await last([3, 4])).toBe(4);
  await expect(last([])).rejects.toThrow(/^last: expected a loop that yields at least one step/);
  for (const wrong of [undefined, null, 3, "text", {}, later])
    await expect(last(wrong as never)).rejects.toThrow(/^last: expected a loop: a generator.*Call the loop/);
});
