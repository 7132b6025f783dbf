import { readOptions, type FieldsOf } from "../base";
import type { CpConstraint } from "./constraint";

export interface NonNegativeOptions {
  /** passes over the columns in each update; default 5 */
  readonly rounds?: number;
}

const nonNegativeFields = {
  rounds: { is: "whole number", least: 1, most: 100_000, fallback: 5 },
} as const satisfies FieldsOf<NonNegativeOptions>;

/**
 * No entry below zero, by hierarchical alternating least squares: column by column, in several rounds an update.
 *
 * @see Cichocki & Phan (2009), Fast local algorithms for large scale nonnegative matrix and tensor factorizations,
 * IEICE Trans. E92-A
 * @example nonNegative({ rounds: 1 }).update(tensor([1, 1], [2]), tensor([2, 1], [4, -4]), zeros([2, 1])).data // Float64Array [2, 0]
 */
export function nonNegative(options: NonNegativeOptions = {}): CpConstraint {
  const { rounds } = readOptions("nonNegative", options, nonNegativeFields);
  return {
    name: "nonNegative",
    description: { kind: "nonNegative", rounds },
    homogeneous: true,
    start: ({ shape, data }) => ({ shape, data: data.map(Math.abs) }),
    update(normal, products, before) {
      const [size, rank] = before.shape,
        f = before.data.map((x) => Math.max(0, x)),
        g = normal.data;
      for (let round = 0; round < rounds; round++)
        for (let r = 0; r < rank; r++) {
          const square = g[r * rank + r];
          if (square === 0) continue; // a column of another mode is zero, so x says nothing about this one
          for (let i = 0, row = 0; i < size; i++, row += rank) {
            let residual = products.data[row + r];
            for (let s = 0; s < rank; s++) if (s !== r) residual -= f[row + s] * g[s * rank + r];
            f[row + r] = Math.max(0, residual / square);
          }
        }
      return { shape: before.shape, data: f };
    },
  };
}
