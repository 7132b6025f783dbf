import { expect, test } from "vitest";
import { labelRows } from "../../src/masks";

test("labels of every kind sort trials into the same rows, and keep their type", () => {
  const wanted = [1, 0, 1, 2];
  for (const [labels, different] of [
    [
      [5, -1, 5, 10],
      [-1, 5, 10],
    ],
    [
      ["b", "a", "b", "c"],
      ["a", "b", "c"],
    ],
    [
      [5n, -1n, 5n, 10n],
      [-1n, 5n, 10n],
    ],
    [Float64Array.of(5, -1, 5, 10), [-1, 5, 10]],
    [Float32Array.of(5, -1, 5, 10), [-1, 5, 10]],
    [Int8Array.of(5, -1, 5, 10), [-1, 5, 10]],
    [BigInt64Array.of(5n, -1n, 5n, 10n), [-1n, 5n, 10n]],
    [BigUint64Array.of(5n, 1n, 5n, 10n), [1n, 5n, 10n]],
  ] as const)
    expect(labelRows("f", "conditions", labels, 4)).toEqual({ rows: wanted, labels: different });
  expect(labelRows("f", "conditions", [true, false, true], 3)).toEqual({ rows: [1, 0, 1], labels: [false, true] });
  expect(labelRows("f", "conditions", undefined, 3)).toEqual({ rows: [0, 0, 0], labels: [0] });
});

test("a number and its text are two labels; 0 and -0 are one", () => {
  expect(labelRows("f", "epochs", [1, "1", 1], 3)).toEqual({ rows: [0, 1, 0], labels: [1, "1"] });
  expect(labelRows("f", "epochs", [0, -0], 2).rows).toEqual([0, 0]);
});

test("what is no label is refused with its trial", () => {
  const refused = (labels: unknown, trials = 3) => {
    try {
      labelRows("f", "conditions", labels, trials);
    } catch (error) {
      return (error as Error).message;
    }
    return "accepted";
  };
  expect(refused([1, Number.NaN, 2])).toBe(
    "f: expected conditions to be finite numbers, strings, booleans or BigInts, got NaN for " +
      "trial 1. Give that trial a label, or leave it out of the data.",
  );
  expect(refused(Float64Array.of(1, 2, Number.POSITIVE_INFINITY))).toContain("got Infinity for trial 2");
  expect(refused(new Array(3))).toContain("got undefined for trial 0");
  expect(refused([1, null, 2])).toContain("got null for trial 1");
  expect(refused([1, {}, 2])).toContain("got an empty record for trial 1");
  expect(refused([1, 2])).toContain("expected 3 conditions, one per trial, got 2");
  expect(refused("abc")).toContain('got "abc"');
  expect(refused(new DataView(new ArrayBuffer(3)))).toContain("expected conditions to be an array or a typed array");
  expect(refused({ shape: [3], data: Float64Array.of(1, 2, 3) })).toContain("Pass the entries of the tensor, its data");
});
