import { checkWhole, fail } from "../base";
import { checkMask, type Tensor } from "../tensor";
import { unitForm } from "./canonical";
import { checkCp, checkModelOf, cpToTensor, type Cp } from "./cp";
import { inUnit } from "./in-unit";
import { leverage } from "./leverage";
import { timesPowerOfTwo } from "./units";

/** A slice that stands out, and by what. */
export interface OutlyingSlice {
  readonly index: number;
  /** "error": the model does not describe it; "leverage": the model is what it is for the sake of this slice */
  readonly by: "error" | "leverage";
  readonly because: string;
}

/** How well a model describes each slice of one mode, and how much each slice has made of the model. Plain data. */
export interface SliceErrors {
  /** of each slice the norm of x less the model */
  readonly errors: readonly number[];
  /** of each slice its part of the sum of squared errors; they sum to 1, but for a model without an error */
  readonly shares: readonly number[];
  /** of each slice its error relative to its own norm; null where it is zero, or nothing of it is observed */
  readonly relativeErrors: readonly (number | null)[];
  /** of each slice the leverage of its row in the factor */
  readonly leverage: readonly number[];
  readonly outliers: readonly OutlyingSlice[];
}

/**
 * The error of a model slice by slice along one mode, such as trial by trial, beside the leverage of each slice: which
 * trials are not described, and which have a component to themselves.
 *
 * A slice is called outlying where its error is beyond the median of all by three scaled median absolute deviations, a
 * rule that outliers themselves do not move, or where its leverage is above 3 rank / size. Both are hints, not tests.
 *
 * @param mode - whose slices are meant
 * @param mask - (as x) 1 observed, 0 missing: sums are then over the observed entries, and no other is read
 * @throws {@link LtrnnError} when the model does not fit x or is far beyond its size, or an observed entry is not
 * finite
 * @remarks O(entries · rank), and as much memory as x.
 * @see Bro & Smilde (2003), J. Chemometrics 17; Hampel (1974), The influence curve and its role in robust estimation,
 * J. Am. Stat. Assoc. 69; Hoaglin & Welsch (1978), The hat matrix in regression and ANOVA, Am. Stat. 32
 * @example sliceErrors(tensor([2, 2], [3, 0, 0, 4]), { weights: tensor([1], [3]), factors: [tensor([2, 1], [1, 0]),
 * tensor([2, 1], [1, 0])] }, 0).errors // [0, 4]
 */
export function sliceErrors(x: Tensor, cp: Cp, mode: number, mask?: Tensor): SliceErrors {
  const where = "sliceErrors";
  checkCp(where, cp);
  checkModelOf(where, x, cp);
  checkWhole(where, "mode", mode, 0, x.shape.length - 1);
  if (mask !== undefined) checkMask(where, "mask", mask, x.shape, "x");
  const { x: inside, unit } = inUnit(where, x, mask),
    rank = cp.weights.shape[0],
    model = cpToTensor(unitForm(where, cp, [], new Array<number>(rank).fill(-unit))),
    size = x.shape[mode],
    stride = x.shape.slice(mode + 1).reduce((product, n) => product * n, 1),
    squares = new Float64Array(size),
    left = new Float64Array(size);
  for (let i = 0; i < model.data.length; i++) {
    if (mask?.data[i] === 0) continue;
    const slice = Math.floor(i / stride) % size,
      difference = inside.data[i] - model.data[i];
    squares[slice] += inside.data[i] * inside.data[i];
    left[slice] += difference * difference;
  }
  const total = left.reduce((sum, value) => sum + value, 0);
  if (!Number.isFinite(total))
    fail(where, {
      expected: "a model of the size of x",
      got: "one so much larger that its squares leave the range of doubles",
      fix: "Pass the model of this tensor, in the unit of this tensor.",
    });
  const shares = Array.from(left, (value) => (total === 0 ? 0 : value / total)),
    rows = Array.from(leverage(cp.factors[mode]).data);
  return {
    errors: Array.from(left, (value) => timesPowerOfTwo(Math.sqrt(value), unit)),
    shares,
    relativeErrors: Array.from(left, (value, i) => (squares[i] === 0 ? null : Math.sqrt(value / squares[i]))),
    leverage: rows,
    outliers: [...byError(left, squares), ...byLeverage(rows, rank)],
  };
}

/** Errors of less than this part of a slice are rounding. */
const rounding = 1e-12;

function byError(left: Float64Array, squares: Float64Array): OutlyingSlice[] {
  const errors = Array.from(left, Math.sqrt),
    middle = median(errors),
    spread = 1.4826 * median(errors.map((error) => Math.abs(error - middle))), // of normal numbers, their deviation
    limit = middle + 3 * spread;
  return errors.flatMap((error, index) =>
    error > limit && error > rounding * Math.sqrt(squares[index])
      ? [
          {
            index,
            by: "error" as const,
            because: `its error is ${(error / (middle || error)).toPrecision(2)} times the median of all slices`,
          },
        ]
      : [],
  );
}

function byLeverage(rows: readonly number[], rank: number): OutlyingSlice[] {
  const limit = (3 * rank) / rows.length;
  return rows.flatMap((value, index) =>
    value > limit
      ? [
          {
            index,
            by: "leverage" as const,
            because: `its leverage ${value.toFixed(2)} is ${(value / (limit / 3)).toFixed(1)} times the mean`,
          },
        ]
      : [],
  );
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((p, q) => p - q),
    half = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}
