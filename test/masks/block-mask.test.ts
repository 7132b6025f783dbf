import { expect, test } from "vitest";
import { blockMask } from "../../src/masks";
import { sizeOf, tensor, type Matrix, type Tensor } from "../../src/tensor";
import { oracle } from "../support/oracle";
import { sweep } from "../support/sweep";

/** A case as the file has it. */
type Case = ReturnType<typeof oracle>;

const { cases } = oracle("block_mask");

test.each<Case>(cases.map((c: Case, i: number) => ({ i, c })))(
  "boxes around given centers are those of the paper's code: case $i",
  ({ c }) => {
    const mask = blockMask(c.dims, {
      halfTrain: c.half_block_train,
      halfTest: c.half_block_test,
      centers: c.starts as Matrix,
    });
    expect(mask.train).toEqual(c.train_mask);
    expect(mask.test).toEqual(c.test_mask);
    const share = ({ data }: Tensor) => data.reduce((sum, value) => sum + value, 0) / data.length;
    expect(share(mask.train)).toBeCloseTo(c.fraction_train_kept, 14);
    expect(share(mask.test)).toBeCloseTo(c.fraction_test_kept, 14);
    const draw = () =>
      blockMask(c.dims, {
        halfTrain: c.half_block_train,
        halfTest: c.half_block_test,
        fraction: c.fraction_test,
        seed: 3,
      });
    if (c.number_blocks === 0)
      // where the paper's code tests on nothing, and does not say so
      expect(draw).toThrow("blockMask: expected a fraction of at least");
    else expect(draw().centers.shape[0]).toBe(c.number_blocks);
  },
);

test("no entry is both trained on and tested, the test set holds at most the fraction, one seed gives one mask", () =>
  sweep((draw) => {
    const shape = [draw.int(5, 9), draw.int(5, 9), draw.int(2, 4)],
      halfTest = [draw.int(0, 1), draw.int(0, 2), Infinity],
      fraction = 0.7;
    const options = {
      halfTrain: [halfTest[0] + draw.int(0, 2), halfTest[1], Infinity],
      halfTest,
      fraction,
      seed: draw.seed,
    };
    const whole = blockMask(shape, options),
      { train, test, centers } = whole;
    expect(train.data.every((t, at) => t + test.data[at] <= 1)).toBe(true);
    expect(test.data.reduce((a, b) => a + b)).toBeLessThanOrEqual(fraction * sizeOf(shape));
    expect(centers.shape[0]).toBeGreaterThan(0);
    expect(blockMask(shape, options)).toEqual(whole);
  }));

test("masks that would test what they train on, or nothing at all, are refused", () => {
  expect(() => blockMask([9, 9], { halfTrain: [0, 1], halfTest: [1, 1], fraction: 0.5, seed: 1 })).toThrow(
    "blockMask: expected halfTrain at least 1 in mode 0, the half width of the test box, got 0",
  );
  expect(() => blockMask([9, 9], { halfTrain: [3, 3], halfTest: [3, 3], fraction: 0.5, seed: 1 })).toThrow(
    "blockMask: expected a fraction of at least 0.60, one box of 49 entries, got 0.5",
  );
  expect(() => blockMask([9, 9], { halfTrain: [1], halfTest: [1, 1], fraction: 0.5, seed: 1 })).toThrow(
    "blockMask: expected 2 half widths in halfTrain, one per mode, got 1",
  );
  expect(() => blockMask([9, 9], { halfTrain: [1, 1], halfTest: [1, 1], fraction: 1, seed: 1 })).toThrow(
    "blockMask: expected a fraction below 1, got 1",
  );
  expect(() => blockMask([9, 9], { halfTrain: [1, 1], halfTest: [1, 1], centers: tensor([1, 2], [9, 0]) })).toThrow(
    "center 0 in mode 0",
  );
});
