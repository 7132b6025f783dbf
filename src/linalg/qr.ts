import { type Matrix, transpose, zeros } from "../tensor";
import { leftRows, reflectColumns, reflector } from "./bidiagonal";

/** `A = Q R` of a matrix that is no wider than tall. */
export interface Qr {
  /** (rows × columns): R above the diagonal, vector k of Q in column k from row k */
  readonly reflections: Float64Array;
  readonly rows: number;
  readonly columns: number;
  /** diagonal of R */
  readonly d: Float64Array;
  /** scale of the reflections, `I - tau v v'` */
  readonly tauLeft: Float64Array;
}

/**
 * Householder QR; `a` (rows × columns, row-major) is overwritten.
 *
 * @see Golub & Van Loan (2013), Matrix Computations, algorithm 5.2.1
 */
export function householderQr(a: Float64Array, rows: number, columns: number): Qr {
  const d = new Float64Array(columns),
    tauLeft = new Float64Array(columns),
    products = new Float64Array(columns);
  for (let k = 0; k < columns; k++) {
    [d[k], tauLeft[k]] = reflector(a, k * columns + k, columns, rows - k);
    if (tauLeft[k] !== 0) reflectColumns(a, rows, columns, k, k + 1, tauLeft[k], products);
  }
  return { reflections: a, rows, columns, d, tauLeft };
}

/** R, (columns × columns). */
export function triangle({ reflections, columns, d }: Qr): Matrix {
  const out = zeros([columns, columns]);
  for (let i = 0; i < columns; i++) {
    out.data[i * columns + i] = d[i];
    out.data.set(reflections.subarray(i * columns + i + 1, (i + 1) * columns), i * columns + i + 1);
  }
  return out;
}

/** The first columns of Q, (rows × columns). */
export const thinQ = (qr: Qr): Matrix => transpose({ shape: [qr.columns, qr.rows], data: leftRows(qr) });
