import type { LowTensorRankRNN } from "../models";
import { select, type Matrix } from "../tensor";

/**
 * The gauge of a fit, its choice of sign, order and scale, which data do not determine: how its components were brought
 * to canonical form, and which of them could be rotated.
 */
export interface Gauge {
  /** the component of the checkpoint's parameters that each one is */
  readonly order: readonly number[];
  /** the sign that each trial factor was multiplied by, 1 or -1 */
  readonly signs: readonly number[];
  /**
   * groups of components whose trial factors are multiples of each other: rotations within a group change no weight, so
   * only its span is determined
   */
  readonly rotationFree: readonly (readonly number[])[];
}

/**
 * The same network with its components in a canonical form: the largest entries of column and row factors, which are of
 * unit length, are positive, and components are in descending order of the mean square of their trial factors. Columns
 * from `rank` on are static, and stay where they are.
 */
export function inCanonicalGauge(
  model: LowTensorRankRNN,
  rank: number,
): { readonly model: LowTensorRankRNN; readonly gauge: Gauge } {
  const { a, b, c } = model.params,
    columns = c.shape[1],
    [ofA, ofB] = [largestSigns(a), largestSigns(b)],
    strength = squaresOf(c);
  const order = Array.from({ length: columns }, (_, r) => r);
  order.splice(0, rank, ...order.slice(0, rank).sort((r, s) => strength[s] - strength[r] || r - s));
  const signed = (x: Matrix, signs: readonly number[]): Matrix => ({
    shape: x.shape,
    data: x.data.map((value, i) => (i % columns < rank ? signs[i % columns] * value : value)),
  });
  const signs = ofA.map((sign, r) => sign * ofB[r]),
    ordered = (x: Matrix) => select(x, 1, order);
  const params = { a: ordered(signed(a, ofA)), b: ordered(signed(b, ofB)), c: ordered(signed(c, signs)) },
    first = order.slice(0, rank);
  return {
    model: model.with({ params }),
    gauge: { order: first, signs: first.map((r) => signs[r]), rotationFree: rotationFree(params.c, rank) },
  };
}

/** Trial factors at smaller angles than this, in radians, count as multiples of each other. */
const parallel = 1e-3;

function rotationFree(c: Matrix, rank: number): number[][] {
  const groups: number[][] = [];
  for (let r = 0; r < rank; r++) {
    const group = groups.find(([s]) => sine(c, r, s) <= parallel);
    if (group) group.push(r);
    else groups.push([r]);
  }
  return groups.filter(({ length }) => length > 1);
}

/** Of the angle between two columns, by what is left of one beside the other; 0 where one is zero. */
function sine({ shape: [rows, columns], data }: Matrix, r: number, s: number): number {
  let [rr, ss, rs] = [0, 0, 0];
  for (let k = 0; k < rows; k++) {
    const [p, q] = [data[k * columns + r], data[k * columns + s]];
    rr += p * p;
    ss += q * q;
    rs += p * q;
  }
  if (rr === 0 || ss === 0) return 0;
  let rest = 0;
  for (let k = 0; k < rows; k++) {
    const left = data[k * columns + r] - (rs / ss) * data[k * columns + s];
    rest += left * left;
  }
  return Math.sqrt(rest / rr);
}

/** Sums of squares of the columns. */
function squaresOf({ shape: [, columns], data }: Matrix): Float64Array {
  const squares = new Float64Array(columns);
  data.forEach((x, i) => {
    squares[i % columns] += x * x;
  });
  return squares;
}

/** The sign of the entry of largest size of each column; 1 for a column of zeros. */
function largestSigns({ shape: [, columns], data }: Matrix): number[] {
  const largest = new Float64Array(columns);
  data.forEach((x, i) => {
    if (Math.abs(x) > Math.abs(largest[i % columns])) largest[i % columns] = x;
  });
  return Array.from(largest, (x) => (x < 0 ? -1 : 1));
}
