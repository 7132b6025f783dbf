import { expect, test } from "vitest";
import { holdOut, observedMask } from "../../src/masks";
import { zeros, type Tensor3 } from "../../src/tensor";
import { sweep } from "../support/sweep";

test("training, validation and test sets are disjoint, observed, and made of boxes", () =>
  sweep((d) => {
    const observed = zeros([30, 12, 4]);
    observed.data.forEach((_, at) => (observed.data[at] = d.int(0, 9) > 0 ? 1 : 0));
    const { train, validation, test } = holdOut(observed, {
      half: [2, 1, Infinity],
      guard: [1, 0, 0],
      test: 0.15,
      validation: 0.15,
      seed: d.seed,
    });
    observed.data.forEach((o, at) =>
      expect(train.data[at] + validation.data[at] + test.data[at]).toBeLessThanOrEqual(o),
    );
    for (const mask of [train, validation, test]) expect(mask.data.includes(1)).toBe(true);
    // a guard of one trial: no training entry next to a test entry in time's plane
    for (let k = 1; k < 30; k++)
      for (let s = 0; s < 48; s++) if (test.data[k * 48 + s] === 1) expect(train.data[(k - 1) * 48 + s]).toBe(0);
  }));

test("what cannot be held out is refused", () => {
  const all = observedMask(zeros([20, 10, 5]));
  const refused = (options: object, observed: Tensor3 = all) => {
    try {
      holdOut(observed, options as never);
    } catch (error) {
      return (error as Error).message;
    }
    return "accepted";
  };
  expect(refused({ half: [0, 0, 0] }, zeros([9, 9, 9]))).toContain(
    "expected observed entries in the train set, got none",
  );
  expect(refused({ half: [1, 1] })).toContain("expected half to be three whole numbers of at least 0, or Infinity");
  expect(refused({ half: [1, 1, -1] })).toContain("got -1 in mode 2");
  expect(refused({ half: [1, 1, 1], guards: [1, 1, 1] })).toContain("Did you mean guard?");
  expect(refused({ half: [1, 1, 1], test: 1 })).toContain("expected test to be a finite number above 0 and below 1");
  expect(refused({ half: [9, 9, Infinity], test: 0.1 })).toBe(
    "holdOut: expected test of at least 1.8, one box of 1805 entries, got 0.1. Take smaller boxes or a larger test.",
  );
  expect(refused({ half: [Infinity, Infinity, 0], test: 0.5, validation: 0.25, seed: 1 })).toMatch(
    /^holdOut: expected training entries left of every unit that was observed, got none of unit \d\./,
  );
  expect(refused({ half: [1, 1, 1] }, { shape: all.shape, data: all.data.map(() => 255) })).toContain(
    "expected observed to hold 0 and 1 only, got 255 at index [0, 0, 0]",
  );
  expect(refused({ half: [1, 1, 1], seed: Number.NaN })).toContain("expected seed to be a finite number to seed with");
});

test("boxes for validation are others than those for test, for every seed", () => {
  for (const seed of [0, -3, 0.25, 2 ** 60, 1e300]) {
    const { validation, test } = holdOut(observedMask(zeros([40, 20, 6])), { half: [1, 1, 1], seed });
    expect(validation.data).not.toEqual(test.data);
  }
});

test("an infinity is no missing value", () => {
  const x = zeros([1, 1, 3]);
  x.data.set([Number.NaN, Number.POSITIVE_INFINITY, 0]);
  expect(observedMask(x).data).toEqual(Float64Array.of(0, 1, 1));
});
