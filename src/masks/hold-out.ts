import { fail, provenance, readOptions, show, type FieldsOf, type Provenance } from "../base";
import { checkMask, checkTensor, type Tensor3 } from "../tensor";
import { splitBoxes } from "./split-boxes";

/** How much is held out, in which boxes. */
export interface HoldOutOptions {
  /**
   * half widths of a box in trials, time and units: a box of half width h spans 1 + 2h indices, and Infinity the whole
   * mode
   */
  readonly half: readonly [trials: number, time: number, units: number];
  /** entries around each box that belong to no set, per mode; default [0, 0, 0] */
  readonly guard?: readonly [trials: number, time: number, units: number];
  /** share of the entries to test; default 0.1 */
  readonly test?: number;
  /** share of the entries to stop and to choose by; default 0.1 */
  readonly validation?: number;
  /** default 0 */
  readonly seed?: number;
}

/**
 * Three disjoint sets of entries, 1 in and 0 out: fit on the first, stop and choose by the second, and use the third
 * once, for the score that is reported.
 */
export interface HoldOut {
  readonly train: Tensor3;
  readonly validation: Tensor3;
  readonly test: Tensor3;
  readonly provenance: Provenance;
}

const fields = {
  half: { is: "checked", check: checkWidths, needed: true },
  guard: { is: "checked", check: checkWidths, fallback: [0, 0, 0] },
  test: { is: "number", above: 0, below: 1, fallback: 0.1 },
  validation: { is: "number", above: 0, below: 1, fallback: 0.1 },
  seed: { is: "seed", fallback: 0 },
} as const satisfies FieldsOf<HoldOutOptions>;

/**
 * Split the observed entries of activity into training, validation and test sets, in boxes: where activity is smooth,
 * single entries could be guessed from their neighbors.
 *
 * @param observed - (trials × time × units), 1 observed and 0 missing, as {@link observedMask} makes it
 * @throws {@link LtrnnError} when boxes do not fit, a set is empty, or a unit is left without a training entry
 * @remarks O(entries). Where boxes overlap, the entries go to the test set.
 * @example holdOut(observedMask(zeros([40, 20, 5])), { half: [2, 2, Infinity] }).test.shape // [40, 20, 5]
 */
export function holdOut(observed: Tensor3, options: HoldOutOptions): HoldOut {
  const where = "holdOut";
  checkTensor(where, "observed", observed, 3);
  checkMask(where, "observed", observed, observed.shape);
  const { half, guard, test, validation, seed } = readOptions(where, options, fields);
  const split = splitBoxes(where, observed, { half, guard, test, validation, seed });
  checkUnitsKept(observed, split.train);
  return {
    ...split,
    provenance: provenance(where, seed, { half: [...half], guard: [...guard], test, validation }),
  };
}

function checkWidths(where: string, name: string, value: unknown): void {
  const widths: readonly unknown[] = Array.isArray(value) ? value : [];
  const bad = widths.findIndex((h) => h !== Number.POSITIVE_INFINITY && !(Number.isInteger(h) && (h as number) >= 0));
  if (widths.length !== 3 || bad >= 0)
    fail(where, {
      expected: `${name} to be three whole numbers of at least 0, or Infinity: in trials, time and units`,
      got: bad >= 0 ? `${show(widths[bad])} in mode ${bad}` : show(value),
      fix: `Pass ${name} such as [2, 1, Infinity].`,
    });
}

/** A unit that was observed but has no training entry left cannot be fitted. */
function checkUnitsKept(observed: Tensor3, train: Tensor3): void {
  const units = observed.shape[2],
    seen = new Uint8Array(units),
    kept = new Uint8Array(units);
  for (let index = 0; index < observed.data.length; index++) {
    if (observed.data[index] !== 0) seen[index % units] = 1;
    if (train.data[index] !== 0) kept[index % units] = 1;
  }
  const emptied = seen.findIndex((s, unit) => s === 1 && kept[unit] === 0);
  if (emptied >= 0)
    fail("holdOut", {
      expected: "training entries left of every unit that was observed",
      got: `none of unit ${emptied}`,
      fix: "Take smaller boxes, other fractions or another seed.",
    });
}
