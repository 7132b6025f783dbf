import { checkAbove, checkWhole, fail, provenance, random, type Provenance } from "../base";
import { checkTensor } from "./check";
import { sizeOf, type Matrix, type Shape, type Tensor } from "./shape";
import { zeros } from "./tensor";

/** Where boxes are, and how large. Half widths are one per mode: a box of half width h spans 1 + 2h indices, and Infinity the whole mode. */
export type BlockMaskOptions = {
  /** half widths of what is kept out of training: at least those of the test box, and the margin is a guard that belongs to neither */
  readonly halfTrain: readonly number[];
  /** half widths of what is tested */
  readonly halfTest: readonly number[];
} & ({ readonly fraction: number; readonly seed: number; readonly centers?: undefined } | { readonly centers: Matrix });

/** Two disjoint sets of entries, 1 in and 0 out. */
export interface BlockMask<S extends Shape = Shape> {
  readonly train: Tensor<S>;
  readonly test: Tensor<S>;
  /** one box per row (boxes × modes) */
  readonly centers: Matrix;
  readonly provenance: Provenance;
}

/**
 * Boxes of entries held out together, for cross-validation of data that are smooth in their modes: single entries could be read off their neighbours.
 *
 * `floor(fraction · entries / (entries of a test box))` centers are drawn uniformly, with replacement; boxes are cut off at the borders and may overlap, so the
 * test set holds at most that fraction. Train is 1 except within `halfTrain` of a center in every mode at once; test is 1 within `halfTest` of one.
 *
 * `fraction` is of the entries to test, above 0 and below 1; `centers` (boxes × modes) are boxes of your own instead.
 *
 * @throws {@link LtrnnError} when not one box fits the fraction, a half width is missing, or test boxes are wider than what training leaves out
 * @remarks O(entries + boxes · entries of a box).
 * @see Pellegrino, Cayco Gajic & Chadwick (2023), NeurIPS 36: blocked cross-validation
 * @example blockMask([9, 9], { halfTrain: [1, 1], halfTest: [0, 0], centers: tensor([1, 2], [4, 4]) }).train.data[40] // 0
 */
export function blockMask<const S extends Shape>(shape: S, options: BlockMaskOptions): BlockMask<S> {
  const { halfTrain, halfTest } = options;
  for (const [name, half] of Object.entries({ halfTrain, halfTest })) {
    if (half?.length !== shape.length)
      fail("blockMask", {
        expected: `${shape.length} half widths in ${name}, one per mode`,
        got: String(half?.length),
        fix: "Give each mode its half width; Infinity takes all of it.",
      });
    for (const h of half) if (h !== Infinity) checkWhole("blockMask", `each half width in ${name}`, h, 0);
  }
  halfTest.forEach((h, mode) => {
    if (h > halfTrain[mode])
      fail("blockMask", {
        expected: `halfTrain at least ${h} in mode ${mode}, the half width of the test box`,
        got: String(halfTrain[mode]),
        fix: "Widen halfTrain, or test entries would be trained on.",
      });
  });
  const centers = options.centers ?? drawCenters(shape, halfTest, options);
  checkTensor("blockMask", "centers", centers, 2);
  if (centers.shape[1] !== shape.length)
    fail("blockMask", {
      expected: `centers (boxes × ${shape.length})`,
      got: `(${centers.shape.join(" × ")})`,
      fix: "One column per mode.",
    });
  const train = zeros(shape),
    test = zeros(shape);
  train.data.fill(1);
  for (let box = 0; box < centers.shape[0]; box++) {
    const center = centers.data.subarray(box * shape.length, (box + 1) * shape.length);
    center.forEach((i, mode) => checkWhole("blockMask", `center ${box} in mode ${mode}`, i, 0, shape[mode] - 1));
    fillBox(train, center, halfTrain, 0);
    fillBox(test, center, halfTest, 1);
  }
  const { seed = null, fraction } = options.centers ? {} : options;
  return {
    train,
    test,
    centers,
    provenance: provenance("blockMask", seed, { halfTrain: [...halfTrain], halfTest: [...halfTest], fraction }),
  };
}

function drawCenters(
  shape: Shape,
  halfTest: readonly number[],
  { fraction, seed }: { readonly fraction: number; readonly seed: number },
): Matrix {
  checkAbove("blockMask", "fraction", fraction, 0);
  checkAbove("blockMask", "seed", seed, -Infinity);
  if (fraction >= 1)
    fail("blockMask", { expected: "a fraction below 1", got: String(fraction), fix: "Leave something to train on." });
  const box = shape.reduce(
    (product, size, mode) => product * (halfTest[mode] === Infinity ? size : 1 + 2 * halfTest[mode]),
    1,
  );
  const boxes = Math.floor((fraction * sizeOf(shape)) / box);
  if (boxes === 0)
    fail("blockMask", {
      expected: `a fraction of at least ${(box / sizeOf(shape)).toPrecision(2)}, one box of ${box} entries`,
      got: String(fraction),
      fix: "Take smaller boxes or a larger fraction.",
    });
  const stream = random(seed, "block mask"),
    centers = zeros([boxes, shape.length]);
  for (let at = 0; at < centers.data.length; at++) centers.data[at] = stream.int(0, shape[at % shape.length] - 1);
  return centers;
}

/** Set the box around a center, cut off at the borders. */
function fillBox({ shape, data }: Tensor, center: Float64Array, half: readonly number[], value: number): void {
  const fill = (mode: number, at: number): void => {
    if (mode === shape.length) {
      data[at] = value;
      return;
    }
    const low = Math.max(0, center[mode] - half[mode]),
      high = Math.min(shape[mode] - 1, center[mode] + half[mode]);
    for (let i = low; i <= high; i++) fill(mode + 1, at * shape[mode] + i);
  };
  fill(0, 0);
}
