import { checkWhole, fail, provenance, random, readOptions, show, type FieldsOf, type Provenance } from "../base";
import { checkShape, checkTensor, shapeText, sizeOf, zerosFor, type Matrix, type Shape, type Tensor } from "../tensor";

/**
 * Where boxes are, and how large. Half widths are one per mode: a box of half width h spans 1 + 2h indices, and
 * Infinity the whole mode.
 */
export interface BlockMaskOptions {
  /** half widths of what is kept out of training: at least those of the test box; the margin belongs to neither set */
  readonly halfTrain: readonly number[];
  /** half widths of what is tested */
  readonly halfTest: readonly number[];
  /** share of the entries to test, above 0 and below 1; needed where no centers are given; no default */
  readonly fraction?: number;
  /** default 0 */
  readonly seed?: number;
  /** given boxes (boxes × modes), instead of drawn ones; default drawn */
  readonly centers?: Matrix;
}

/** Two disjoint sets of entries, 1 in and 0 out. */
export interface BlockMask<S extends Shape = Shape> {
  readonly train: Tensor<S>;
  readonly test: Tensor<S>;
  /** one box per row (boxes × modes) */
  readonly centers: Matrix;
  readonly provenance: Provenance;
}

const fields = {
  halfTrain: { is: "checked", check: checkList, needed: true },
  halfTest: { is: "checked", check: checkList, needed: true },
  fraction: { is: "number", above: 0 },
  seed: { is: "seed", fallback: 0 },
  centers: { is: "checked", check: (where, name, value) => checkTensor(where, name, value, 2) },
} as const satisfies FieldsOf<BlockMaskOptions>;

/**
 * Boxes of entries held out together, for cross-validation of data that are smooth in their modes, where single entries
 * could be guessed from their neighbors.
 *
 * `floor(fraction · entries / (entries of a test box))` centers are drawn uniformly, with replacement; boxes are cut
 * off at the borders and may overlap, so the test set holds at most that fraction. Train is 1 except within `halfTrain`
 * of a center in every mode at once; test is 1 within `halfTest` of one.
 *
 * @throws {@link LtrnnError} when no box fits the fraction, a half width is missing, or test boxes are wider than what
 * training leaves out
 * @remarks O(entries + boxes · entries of a box).
 * @see Pellegrino, Cayco Gajic & Chadwick (2023), NeurIPS 36: blocked cross-validation
 * @example blockMask([9, 9], { halfTrain: [1, 1], halfTest: [0, 0], centers: tensor([1, 2], [4,
 * 4]) }).train.data[40] // 0
 */
export function blockMask<const S extends Shape>(shape: S, options: BlockMaskOptions): BlockMask<S> {
  const where = "blockMask";
  checkShape(where, "shape", shape);
  const { halfTrain, halfTest, centers: given, fraction, seed } = readOptions(where, options, fields);
  checkHalfWidths(where, shape, { halfTrain, halfTest });
  const centers = given ?? drawCenters(where, shape, halfTest, fraction, seed),
    train = zerosFor(where, shape),
    test = zerosFor(where, shape);
  checkCenters(where, centers, shape);
  train.data.fill(1);
  for (let box = 0; box < centers.shape[0]; box++) {
    const center = centers.data.subarray(box * shape.length, (box + 1) * shape.length);
    fillBox(train, center, halfTrain, 0);
    fillBox(test, center, halfTest, 1);
  }
  const widths = { halfTrain: [...halfTrain], halfTest: [...halfTest] },
    made = given ? provenance(where, null, widths) : provenance(where, seed, { ...widths, fraction });
  return { train, test, centers, provenance: made };
}

function checkList(where: string, name: string, value: unknown): void {
  if (!Array.isArray(value))
    fail(where, {
      expected: `${name} to be an array of half widths, one per mode`,
      got: show(value),
      fix: `Pass ${name} such as [1, Infinity].`,
    });
}

/** One half width per mode in both lists, and none of a test box beyond what training leaves out. */
function checkHalfWidths(
  where: string,
  shape: Shape,
  { halfTrain, halfTest }: { readonly halfTrain: readonly number[]; readonly halfTest: readonly number[] },
): void {
  for (const [name, half] of Object.entries({ halfTrain, halfTest })) {
    if (half.length !== shape.length)
      fail(where, {
        expected: `${shape.length} half widths in ${name}, one per mode`,
        got: String(half.length),
        fix: "Give each mode its half width; Infinity takes all of it.",
      });
    for (let mode = 0; mode < half.length; mode++)
      if (half[mode] !== Infinity) checkWhole(where, `each half width in ${name}`, half[mode], 0);
  }
  const wider = halfTest.findIndex((width, mode) => width > halfTrain[mode]);
  if (wider >= 0)
    fail(where, {
      expected: `halfTrain at least ${halfTest[wider]} in mode ${wider}, the half width of the test box`,
      got: String(halfTrain[wider]),
      fix: "Widen halfTrain, or test entries would be trained on.",
    });
}

function checkCenters(where: string, { shape: [boxes, modes], data }: Matrix, shape: Shape): void {
  if (modes !== shape.length)
    fail(where, {
      expected: `centers (boxes × ${shape.length}), one column per mode`,
      got: shapeText([boxes, modes]),
      fix: `Pass centers with ${shape.length} columns.`,
    });
  for (let i = 0; i < data.length; i++) {
    const mode = i % modes;
    checkWhole(where, `center ${Math.floor(i / modes)} in mode ${mode}`, data[i], 0, shape[mode] - 1);
  }
}

function drawCenters(
  where: string,
  shape: Shape,
  halfTest: readonly number[],
  fraction: number | undefined,
  seed: number,
): Matrix {
  if (fraction === undefined || fraction >= 1)
    fail(where, {
      expected: fraction === undefined ? "a fraction of the entries to test, or centers" : "a fraction below 1",
      got: fraction === undefined ? "neither" : String(fraction),
      fix: fraction === undefined ? "Add fraction, such as 0.1." : "Leave something to train on.",
    });
  const boxes = boxesIn(where, "a fraction", fraction, shape, halfTest),
    stream = random(seed, "block mask"),
    centers = zerosFor(where, [boxes, shape.length]);
  for (let i = 0; i < centers.data.length; i++) centers.data[i] = stream.int(0, shape[i % shape.length] - 1);
  return centers;
}

/** How many boxes a share of the entries holds; at least one, or it is refused. */
export function boxesIn(where: string, name: string, fraction: number, shape: Shape, half: readonly number[]): number {
  const box = shape.reduce((product, size, mode) => product * (half[mode] === Infinity ? size : 1 + 2 * half[mode]), 1),
    boxes = Math.floor((fraction * sizeOf(shape)) / box);
  if (!(boxes >= 1))
    fail(where, {
      expected: `${name} of at least ${(box / sizeOf(shape)).toPrecision(2)}, one box of ${box} entries`,
      got: String(fraction),
      fix: `Take smaller boxes or a larger ${name.replace("a ", "")}.`,
    });
  return boxes;
}

/** Set the box around a center, cut off at the borders. */
function fillBox({ shape, data }: Tensor, center: Float64Array, half: readonly number[], value: number): void {
  const fill = (mode: number, offset: number): void => {
    if (mode === shape.length) {
      data[offset] = value;
      return;
    }
    const low = Math.max(0, center[mode] - half[mode]),
      high = Math.min(shape[mode] - 1, center[mode] + half[mode]);
    for (let i = low; i <= high; i++) fill(mode + 1, offset * shape[mode] + i);
  };
  fill(0, 0);
}
