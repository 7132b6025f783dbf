import { type Matrix, zeros } from "../../src/tensor";

/** Numbers in [-1/2, 1/2) that Python makes too: a linear congruential generator on whole numbers. */
function stream(seed: number): () => number {
  let state = BigInt(seed);
  return () => {
    state = (state * 1103515245n + 12345n) % 2147483648n;
    return Number(state) / 2147483648 - 0.5;
  };
}

type Entry = (i: number, j: number, rows: number, columns: number, next: () => number) => number;

/**
 * Kinds of matrices on which decompositions have failed, each entry from its place and random numbers in row-major
 * order.
 */
export const kinds: Readonly<Record<string, Entry>> = {
  random: (_i, _j, _m, _n, next) => next(),
  constant: () => 0.3,
  ones: () => 1,
  zero: () => 0,
  blocks: (i, j, m, n) => (2 * i < m ? (2 * j < n ? 1 : -4) : 2 * j < n ? 1.25 : -3.5),
  tiled: (i, j) => (i % 3) * 2 - (j % 2) + 0.5,
  identity: (i, j) => (i === j ? 1 : 0),
  permutation: (i, j, m) => ((i + 1) % m === j ? 1 : 0),
  hilbert: (i, j) => 1 / (i + j + 1),
  kahan: (i, j) => (i === j ? 1 / (1 + i) : i < j ? -0.5 / (1 + i) : 0),
  "graded rows": (i, _j, _m, _n, next) => next() / 10 ** (2 * i),
  "graded columns": (_i, j, _m, _n, next) => next() / 10 ** (2 * j),
  "graded both": (i, j, _m, _n, next) => next() / 10 ** (i + j),
  "large 1e150": (_i, _j, _m, _n, next) => next() * 1e150,
  "small 1e-150": (_i, _j, _m, _n, next) => next() * 1e-150,
  "huge 1e300": (_i, _j, _m, _n, next) => next() * 1e300,
  "tiny 1e-300": (_i, _j, _m, _n, next) => next() * 1e-300,
  "rank one": (i, j) => (i + 1) * (j - 1.5),
  "rank two": (i, j) => (i + 1) * (j - 1.5) + (i % 2) * (j % 3),
  "duplicated rows": (i, j) => ((Math.floor(i / 2) * 7 + j * 5) % 11) - 4,
  "duplicated columns": (i, j) => ((Math.floor(j / 2) * 7 + i * 5) % 11) - 4,
  "zero column": (_i, j, _m, _n, next) => (j === 1 ? 0 * next() : next()),
  "zero row": (i, _j, _m, _n, next) => (i === 1 ? 0 * next() : next()),
  "one-hot": (i, j, _m, n) => ((i * 3 + (i % 5)) % n === j ? 1 : 0),
  "one-hot beside a large column": (i, j, _m, n) => (j === 0 ? 372.07 - 10 * (i % 4) : (i * 3) % n === j ? 1 : 0),
  banded: (i, j) => (Math.abs(i - j) <= 1 ? 2 - 3 * Math.abs(i - j) : 0),
  bidiagonal: (i, j) => (i === j ? 1 : i + 1 === j ? 1 : 0),
  nilpotent: (i, j) => (i + 1 === j ? 1 : 0),
  toeplitz: (i, j) => 1 / (1 + Math.abs(i - j)),
  vandermonde: (i, j, m) => {
    let power = 1;
    for (let k = 0; k < j; k++) power *= (i + 1) / m;
    return power;
  },
  sparse: (i, j, _m, _n, next) => ((i * 5 + j * 3) % 7 === 0 ? next() : 0 * next()),
  "tiny beside huge": (i, j, _m, _n, next) => next() * ((i + j) % 2 === 0 ? 1e120 : 1e-120),
  symmetric: (i, j) => ((i * j + i + j) % 13) - 6,
  "rank deficient": (i, j) => (i % 4) * (j % 3) + (i % 2) - (j % 5),
};

/** A matrix of a kind: the same entries to the bit in Python (../oracles/singular_values.py). */
export function matrixOf(kind: string, rows: number, columns: number, seed: number): Matrix {
  const next = stream(seed),
    entry = kinds[kind],
    out = zeros([rows, columns]);
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++) out.data[i * columns + j] = entry(i, j, rows, columns, next);
  return out;
}
