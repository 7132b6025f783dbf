import { beforeAll, expect, test } from "vitest";
import * as ltrnn from "../../src/index";
import { differences, table } from "./compare";
import { answerOf, decodeNumbers, numbersIn, publicNumbers, type Library, type PublicNumbers } from "./public-numbers";

const used = new Set<string>(),
  watched = new Proxy(ltrnn, {
    get(target, name) {
      used.add(String(name));
      return target[name as keyof Library];
    },
  });
let numbers: PublicNumbers;
beforeAll(async () => {
  numbers = await publicNumbers(watched);
}, 60_000);

test("every export that gives numbers is in the file of public numbers", () => {
  const withoutNumbers = ["LtrnnError", "advice", "cpAdvice", "version"];
  const known = Object.keys(ltrnn).filter((name) => !withoutNumbers.includes(name));
  expect(known.filter((name) => !used.has(name))).toEqual([]);
  for (const [name, values] of Object.entries(numbers)) expect(values.length, name).toBeGreaterThan(0);
});

test("an answer keeps every bit", async () => {
  const answer = await answerOf(ltrnn);
  expect(differences(numbers, decodeNumbers(answer.numbers))).toEqual([]);
  const special = { x: [-0, 0, NaN, Infinity, -Infinity, 5e-324, 0.1] };
  expect(numbersIn({ provenance: 1, x: { data: new Float64Array(special.x) } })).toEqual(special.x);
});

test("a comparison finds a bit, a sign of zero, a name and a value too many", () => {
  expect(differences({ x: [1, 2] }, { x: [1, 2] })).toEqual([]);
  expect(differences({ x: [1, 2] }, { x: [1, 2 * (1 + Number.EPSILON)] })).toEqual([
    { name: "x", values: 1, of: 2, relative: expect.closeTo(Number.EPSILON, 20) },
  ]);
  expect(differences({ x: [0, NaN] }, { x: [-0, NaN] })).toEqual([{ name: "x", values: 1, of: 2, relative: 0 }]);
  expect(differences({ x: [1] }, { x: [1, 2] })).toEqual([{ name: "x", values: 1, of: 2, relative: Infinity }]);
  expect(differences({ x: [1] }, { y: [1] }).map(({ name }) => name)).toEqual(["x", "y"]);
  expect(
    table([
      ["a", "bb"],
      ["ccc", "d"],
    ]),
  ).toBe("a    bb\nccc  d");
});
