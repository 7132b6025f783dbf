import { readOptions, type FieldsOf } from "../base";
import type { Matrix } from "../tensor";
import type { CpConstraint } from "./constraint";
import { nonNegativeRow } from "./non-negative-row";

export interface NonNegativeOptions {
  /** passes over the columns in each update; default 5 */
  readonly rounds?: number;
  /** whether each update is the exact non-negative least squares solution, row by row; default false */
  readonly exact?: boolean;
}

const nonNegativeFields = {
  rounds: { is: "whole number", least: 1, most: 100_000, fallback: 5 },
  exact: { is: "boolean", fallback: false },
} as const satisfies FieldsOf<NonNegativeOptions>;

/**
 * No entry below zero, by hierarchical alternating least squares: column by column, in several rounds an update; or
 * exactly, row by row, with `exact`.
 *
 * @see Cichocki & Phan (2009), Fast local algorithms for large scale nonnegative matrix and tensor factorizations,
 * IEICE Trans. E92-A
 * @example nonNegative({ rounds: 1 }).update(tensor([1, 1], [2]), tensor([2, 1], [4, -4]), zeros([2, 1])).data
 * // Float64Array [2, 0]
 */
export function nonNegative(options: NonNegativeOptions = {}): CpConstraint {
  const { rounds, exact } = readOptions("nonNegative", options, nonNegativeFields);
  return {
    name: "nonNegative",
    description: { kind: "nonNegative", rounds, ...(exact ? { exact: true as const } : {}) },
    homogeneous: true,
    start: ({ shape, data }) => ({ shape, data: data.map(Math.abs) }),
    proximal: ({ shape, data }) => ({ shape, data: data.map((x) => Math.max(0, x)) }),
    update(normal, products, before) {
      const shared = Array.from({ length: before.shape[0] }, () => normal);
      return exact ? exactly(shared, products, before) : descended(shared, products, before, rounds);
    },
    updateByRow: (normals, products, before) =>
      exact ? exactly(normals, products, before) : descended(normals, products, before, rounds),
  };
}

/** Rounds of column by column least squares, each entry no less than 0. */
export function descended(normals: readonly Matrix[], products: Matrix, before: Matrix, rounds: number): Matrix {
  const [size, rank] = before.shape,
    f = before.data.map((x) => Math.max(0, x));
  for (let round = 0; round < rounds; round++)
    for (let r = 0; r < rank; r++)
      for (let i = 0, row = 0; i < size; i++, row += rank) {
        const g = normals[i].data,
          square = g[r * rank + r];
        if (square === 0) continue; // a column of another mode is zero, so x does not determine this one
        let residual = products.data[row + r];
        for (let s = 0; s < rank; s++) if (s !== r) residual -= f[row + s] * g[s * rank + r];
        f[row + r] = Math.max(0, residual / square);
      }
  return { shape: before.shape, data: f };
}

/**
 * Every row by exact non-negative least squares. Where the column of another mode is zero, x does not determine this
 * one: it stays, so that the component can become nonzero again.
 */
function exactly(normals: readonly Matrix[], products: Matrix, before: Matrix): Matrix {
  const [size, rank] = products.shape,
    data = before.data.map((x) => Math.max(0, x));
  for (let i = 0, row = 0; i < size; i++, row += rank) {
    const { data: g } = normals[i],
      found = nonNegativeRow(g, products.data.subarray(row, row + rank));
    for (let r = 0; r < rank; r++) if (g[r * rank + r] !== 0) data[row + r] = found[r];
  }
  return { shape: products.shape, data };
}
