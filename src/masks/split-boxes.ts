import { fail, failingAs } from "../base";
import type { Shape, Tensor } from "../tensor";
import { blockMask, boxesIn } from "./block-mask";

/** Which boxes are drawn: widths in every mode, shares of the entries, and a seed. Plain data. */
export interface Boxes {
  /** half widths of a box, one per mode: it spans 1 + 2 half indices, and Infinity is the whole mode */
  readonly half: readonly number[];
  /** entries around each box that belong to no set, one number per mode */
  readonly guard: readonly number[];
  /** share of the entries to test */
  readonly test: number;
  /** share of the entries to stop and to choose by */
  readonly validation: number;
  readonly seed: number;
}

/** Three disjoint sets of the observed entries, 1 in and 0 out. */
export interface BoxSplit<S extends Shape = Shape> {
  readonly train: Tensor<S>;
  readonly validation: Tensor<S>;
  readonly test: Tensor<S>;
}

/** Observed entries of any number of modes, split in boxes; where boxes overlap, the entries go to the test set. */
export function splitBoxes<S extends Shape>(where: string, observed: Tensor<S>, boxes: Boxes): BoxSplit<S> {
  const { half, guard, test, validation, seed } = boxes;
  boxesIn(where, "test", test, observed.shape, half);
  boxesIn(where, "validation", validation, observed.shape, half);
  const halfTrain = half.map((width, mode) => width + guard[mode]);
  const draw = (fraction: number, boxSeed: number) =>
    failingAs(where, () => blockMask(observed.shape, { halfTest: half, halfTrain, fraction, seed: boxSeed }));
  const tests = draw(test, seed),
    validations = draw(validation, otherSeed(seed));
  const observedIn = (...masks: readonly Tensor[]): Tensor<S> => ({
    shape: observed.shape,
    data: observed.data.map((entry, index) => (entry !== 0 && masks.every((mask) => mask.data[index] !== 0) ? 1 : 0)),
  });
  const split = {
    train: observedIn(tests.train, validations.train),
    validation: observedIn(validations.test, tests.train),
    test: observedIn(tests.test),
  };
  for (const [name, mask] of Object.entries(split))
    if (!mask.data.includes(1))
      fail(where, {
        expected: `observed entries in the ${name} set`,
        got: "none",
        fix: "Take smaller boxes, other fractions or another seed.",
      });
  return split;
}

/**
 * Boxes for validation are drawn from another seed than those for test: larger by a half, where a double can hold that.
 */
const otherSeed = (seed: number): number => (seed + 0.5 === seed ? seed / 3 : seed + 0.5);
