import { balance, type Balanced } from "./balance";
import { toSchur } from "./francis";
import { toHessenberg } from "./hessenberg";

/** The real Schur form of a balanced matrix, `P D (Q T Q') D^-1 P'`. */
export interface Schur {
  readonly n: number;
  /** blocks of one row, or of two for a complex pair, on the diagonal; what is right of them above it */
  readonly t: Float64Array;
  /** the rows of Q' */
  readonly rows: Float64Array;
  readonly balanced: Balanced;
}

/**
 * The real Schur form of a matrix (n × n) whose largest entry is near 1; `a` is overwritten.
 *
 * @param vectors - whether Q and what is above the blocks are needed; else rows are empty
 * @returns undefined where eigenvalues did not settle
 */
export function schurOf(a: Float64Array, n: number, vectors: boolean): Schur | undefined {
  const balanced = balance(a, n),
    { low, high } = balanced,
    rows = new Float64Array(vectors ? n * n : 0);
  toHessenberg(a, n, low, high, vectors ? rows : undefined);
  const settled = toSchur({ t: a, n, rows: vectors ? rows : undefined }, low, high);
  return settled ? { n, t: a, rows, balanced } : undefined;
}

/** An eigenvalue, by the first row of its block; of a complex pair the one above the real axis. */
export interface Root {
  readonly row: number;
  readonly real: number;
  /** 0, or above it for a pair */
  readonly imaginary: number;
}

/** The eigenvalues of a Schur form from the largest real part on; of equal ones the larger imaginary part first. */
export function rootsOf({ n, t }: Pick<Schur, "n" | "t">): Root[] {
  const roots: Root[] = [];
  for (let row = 0; row < n; row++) {
    const entry = row * n + row,
      paired = row + 1 < n && t[entry + n] !== 0;
    const imaginary = paired ? Math.sqrt(Math.abs(t[entry + 1])) * Math.sqrt(Math.abs(t[entry + n])) : 0;
    roots.push({ row, real: t[entry], imaginary });
    if (paired) row++;
  }
  return roots.sort((p, q) => q.real - p.real || q.imaginary - p.imaginary);
}
