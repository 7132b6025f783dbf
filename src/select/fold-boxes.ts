import { LtrnnError, fail, random, readOptions, show, type FieldsOf } from "../base";
import { observedMask, splitBoxes, type Boxes, type BoxSplit } from "../masks";
import type { Tensor } from "../tensor";

/** Which boxes every fold holds out. */
export interface FoldBoxes {
  /** half widths, one per mode; default a twentieth of each mode, and the whole last mode */
  readonly half?: readonly number[];
  /** entries around each box that belong to no set, one number per mode; default 0 */
  readonly guard?: readonly number[];
  /** share of the entries to test; default 0.1 */
  readonly test?: number;
  /** share of the entries to stop and choose by; default 0.1 */
  readonly validation?: number;
}

export const foldBoxesFields = {
  half: { is: "checked", check: checkWidths },
  guard: { is: "checked", check: checkWidths },
  test: { is: "number", above: 0, below: 1, fallback: 0.1 },
  validation: { is: "number", above: 0, below: 1, fallback: 0.1 },
} as const satisfies FieldsOf<FoldBoxes>;

/** The most draws of boxes for a fold before it is refused. */
const attempts = 50;

/**
 * The boxes of every fold. They leave every observed slice of every mode a training entry: otherwise they are drawn
 * again.
 */
export function drawFolds(where: string, data: Tensor, folds: number, given: FoldBoxes, seed: number): Boxes[] {
  const { half, guard, ...shares } = readOptions(where, given, foldBoxesFields, "boxes"),
    last = data.shape.length - 1,
    widths =
      half ??
      data.shape.map((size, mode) => (mode === last && last > 0 ? Number.POSITIVE_INFINITY : Math.floor(size / 20))),
    margins = guard ?? data.shape.map(() => 0);
  for (const [name, list] of Object.entries({ half: widths, guard: margins }))
    if (list.length !== data.shape.length)
      fail(where, {
        expected: `${data.shape.length} numbers in boxes.${name}, one per mode of the data`,
        got: String(list.length),
        fix: "Give each mode its width; Infinity takes all of it.",
      });
  const observed = observedMask(data),
    stream = random(seed, "folds");
  return Array.from({ length: folds }, (_, fold) => {
    let trouble: unknown;
    for (let attempt = 0; attempt < attempts; attempt++) {
      const boxes: Boxes = { half: widths, guard: margins, ...shares, seed: stream.int(0, 4_294_967_295) };
      try {
        const { train } = splitBoxes(where, observed, boxes);
        checkSlices(where, fold, observed, train);
        return boxes;
      } catch (error) {
        if (!(error instanceof LtrnnError)) throw error;
        trouble = error;
      }
    }
    throw trouble;
  });
}

/** The three sets of a fold; without boxes, all observed entries are training entries. */
export function foldMasks(where: string, data: Tensor, boxes: Boxes | null): BoxSplit {
  const observed = observedMask(data);
  if (boxes) return splitBoxes(where, observed, boxes);
  const none = { shape: data.shape, data: new Float64Array(data.data.length) };
  return { train: observed, validation: none, test: none };
}

/** Refuse boxes that leave an observed slice, such as a neuron or a trial, without a training entry. */
function checkSlices(where: string, fold: number, observed: Tensor, train: Tensor): void {
  const { shape } = observed;
  let stride = observed.data.length;
  for (let mode = 0; mode < shape.length; mode++) {
    stride /= shape[mode];
    const seen = new Uint8Array(shape[mode]),
      kept = new Uint8Array(shape[mode]);
    for (let at = 0; at < observed.data.length; at++) {
      const slice = Math.floor(at / stride) % shape[mode];
      if (observed.data[at] !== 0) seen[slice] = 1;
      if (train.data[at] !== 0) kept[slice] = 1;
    }
    const emptied = seen.findIndex((s, slice) => s === 1 && kept[slice] === 0);
    if (emptied >= 0)
      fail(where, {
        expected: `training entries left of every slice in fold ${fold}, as of every neuron and trial`,
        got: `none of slice ${emptied} in mode ${mode}`,
        fix: "Take smaller boxes or smaller shares in boxes.",
      });
  }
}

function checkWidths(where: string, name: string, value: unknown): void {
  const list: readonly unknown[] = Array.isArray(value) ? value : [];
  const bad = list.findIndex((h) => h !== Number.POSITIVE_INFINITY && !(Number.isInteger(h) && (h as number) >= 0));
  if (list.length === 0 || bad >= 0)
    fail(where, {
      expected: `${name} to be whole numbers of at least 0, or Infinity, one per mode`,
      got: bad >= 0 ? show(list[bad]) : show(value),
      fix: `Pass ${name} such as [2, 1, Infinity].`,
    });
}
