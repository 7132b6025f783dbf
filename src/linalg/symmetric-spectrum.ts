import { transpose, type Matrix } from "../tensor";
import { checkSquare } from "./check-square";
import { reduceSymmetric, type ReducedSymmetric } from "./reduce-symmetric";
import { rotateRows } from "./rotate";
import { decreasing, selectRows } from "./singular-rows";
import { averageTriangles, byJacobi } from "./symmetric-eigen";
import { diagonalizeTridiagonal } from "./tridiagonal";
import { unitScaled } from "./unit-scale";

/** The eigenvalues of a symmetric matrix, and as many of its eigenvectors as are asked for. */
export interface SymmetricSpectrum {
  /** largest first */
  readonly values: readonly number[];
  /** orthonormal eigenvectors of the `count` largest eigenvalues, (n × count) */
  leading(count: number): Matrix;
}

/**
 * {@link symmetricEigen} for those who want few vectors: the rotations of the QL sweeps are kept, and applied in
 * reverse to the unit vectors of the wanted eigenvalues only. So the vectors are orthonormal to rounding however close
 * eigenvalues lie.
 *
 * @remarks 4/3 n³ operations for the values, about 9 n² more for each vector.
 * @see Golub & Van Loan (2013), Matrix Computations, section 8.3
 */
export function symmetricSpectrum(where: string, m: Matrix): SymmetricSpectrum {
  checkSquare(where, "m", m);
  const n = m.shape[0],
    { data, back } = unitScaled(where, m);
  averageTriangles(data, n);
  const a = data.slice(),
    reduced = reduceSymmetric(a, n),
    turns = new Turns();
  if (!diagonalizeTridiagonal(reduced, (i, c, s) => turns.keep(i, c, s))) {
    const { values, rows } = byJacobi(where, data, n),
      order = decreasing(values);
    return {
      values: order.map((k) => back(values[k])),
      leading: (count) => transpose({ shape: [count, n], data: selectRows(rows, order.slice(0, count), n) }),
    };
  }
  const order = decreasing(reduced.d);
  return {
    values: order.map((k) => back(reduced.d[k])),
    leading(count) {
      const vectors = new Float64Array(n * count);
      for (let k = 0; k < count; k++) vectors[order[k] * count + k] = 1;
      turns.undo(vectors, count);
      reflect(vectors, count, a, reduced);
      return { shape: [n, count], data: vectors };
    },
  };
}

/** Rotations of neighboring rows, in the order in which they were made. */
class Turns {
  private count = 0;
  private rows = new Int32Array(1024);
  private angles = new Float64Array(2048);

  keep(i: number, c: number, s: number): void {
    if (this.count === this.rows.length) {
      const { rows, angles } = this;
      this.rows = new Int32Array(2 * rows.length);
      this.rows.set(rows);
      this.angles = new Float64Array(2 * angles.length);
      this.angles.set(angles);
    }
    this.rows[this.count] = i;
    this.angles[2 * this.count] = c;
    this.angles[2 * this.count + 1] = s;
    this.count++;
  }

  /** The inverse of all of them, last one first, on rows of this width. */
  undo(rows: Float64Array, width: number): void {
    for (let k = this.count - 1; k >= 0; k--)
      rotateRows(rows, this.rows[k] + 1, this.rows[k], width, this.angles[2 * k], -this.angles[2 * k + 1]);
  }
}

/** Q times some columns, by the reflections that lie above the diagonal of a. */
function reflect(columns: Float64Array, width: number, a: Float64Array, { taus }: ReducedSymmetric): void {
  const n = taus.length,
    sums = new Float64Array(width);
  for (let k = n - 3; k >= 0; k--) {
    if (taus[k] === 0) continue;
    sums.fill(0);
    for (let i = k + 1; i < n; i++)
      for (let j = 0, v = a[k * n + i], at = i * width; j < width; j++, at++) sums[j] += v * columns[at];
    for (let i = k + 1; i < n; i++)
      for (let j = 0, v = taus[k] * a[k * n + i], at = i * width; j < width; j++, at++) columns[at] -= v * sums[j];
  }
}
