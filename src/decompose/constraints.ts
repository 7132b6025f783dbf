import { checkAbove, readOptions, type FieldsOf, cos } from "../base";
import { svd, symmetricEigen } from "../linalg";
import { matmul, transpose, zeros, type Matrix } from "../tensor";
import { solveFactor } from "./normal-equations";

/**
 * How the factor of a mode is found. With `normal` (rank × rank, the Gram matrices of the other modes multiplied) and `products` (size × rank, the MTTKRP), the
 * squared error is, but for a constant, `tr(F normal F') - 2 tr(F products')`.
 */
export interface CpConstraint {
  /** for provenance */
  readonly name: string;
  /** whether the rank must not exceed the size of the mode */
  readonly narrow?: boolean;
  /** whether columns have unit length; where those of every mode do, or the mode is fixed, components have weights of their own */
  readonly unitColumns?: boolean;
  /** whether the update of data twice as large is twice as large, or the same: data of any unit may then be computed in another one */
  readonly homogeneous?: boolean;
  /** a start that satisfies it; absent: any does */
  start?(factor: Matrix): Matrix;
  /** a factor that satisfies it, with a squared error (and penalty) no larger than that of `before` */
  update(normal: Matrix, products: Matrix, before: Matrix): Matrix;
}

/** Factors to start from, those that are not fixed made to satisfy their constraints. */
export const satisfying = (
  factors: readonly Matrix[],
  constraints: readonly (CpConstraint | undefined)[],
  fixed: readonly number[] = [],
): Matrix[] => factors.map((f, mode) => (fixed.includes(mode) ? f : (constraints[mode]?.start?.(f) ?? f)));

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
 * @see Cichocki & Phan (2009), Fast local algorithms for large scale nonnegative matrix and tensor factorizations, IEICE Trans. E92-A
 * @example nonNegative().update(tensor([1, 1], [2]), tensor([2, 1], [4, -4]), zeros([2, 1])).data // Float64Array [2, 0]
 */
export function nonNegative(options: NonNegativeOptions = {}): CpConstraint {
  const { rounds } = readOptions("nonNegative", options, nonNegativeFields);
  return {
    name: "nonNegative",
    homogeneous: true,
    start: ({ shape, data }) => ({ shape, data: data.map(Math.abs) }),
    update(normal, products, before) {
      const [size, rank] = before.shape,
        f = before.data.map((x) => Math.max(0, x)),
        g = normal.data;
      for (let round = 0; round < rounds; round++)
        for (let r = 0; r < rank; r++) {
          const own = g[r * rank + r];
          if (own === 0) continue; // another mode's column is zero: this one says nothing
          for (let i = 0, row = 0; i < size; i++, row += rank) {
            let rest = products.data[row + r];
            for (let s = 0; s < rank; s++) if (s !== r) rest -= f[row + s] * g[s * rank + r];
            f[row + r] = Math.max(0, rest / own);
          }
        }
      return { shape: before.shape, data: f };
    },
  };
}

/**
 * A penalty of `strength` times the squared entries of one mode's factor. On every mode, it keeps components from diverging. It is beside the squared error, so
 * its strength is in the unit of the data: for data ten times as large, with this mode carrying the scale, the same strength gives a factor ten times as large;
 * where another mode carries it, a hundred times the strength does.
 *
 * @throws {@link LtrnnError} when the strength is not above 0
 * @example ridgePenalty(1).update(tensor([1, 1], [1]), tensor([1, 1], [4]), zeros([1, 1])).data // Float64Array [2], up to rounding
 */
export function ridgePenalty(strength: number): CpConstraint {
  checkAbove("ridgePenalty", "strength", strength, 0);
  return {
    name: `ridgePenalty(${strength})`,
    update: (normal, products) => solveFactor(normal, products, strength).factor,
  };
}

/**
 * A penalty of `strength` times the squared differences between neighboring rows: factors that are smooth along a mode such as time or trials. The minimum
 * is found exactly, in the cosine basis, which diagonalizes the differences. A penalty holds where the other factors cannot grow against it: give them orthogonal
 * columns, a {@link ridgePenalty}, or fix them.
 *
 * @throws {@link LtrnnError} when the strength is not above 0
 * @remarks O(size² · rank) an update.
 * @see Strang (1999), The discrete cosine transform, SIAM Review 41: the basis
 * @example smoothAlong(1e9).update(tensor([1, 1], [1]), tensor([2, 1], [1, 3]), zeros([2, 1])).data.map(Math.round) // Float64Array [2, 2]
 */
export function smoothAlong(strength: number): CpConstraint {
  checkAbove("smoothAlong", "strength", strength, 0);
  return {
    name: `smoothAlong(${strength})`,
    update(normal, products) {
      const [size, rank] = products.shape,
        basis = cosines(size),
        { values, vectors } = symmetricEigen(normal);
      const turned = matmul(matmul(basis, products), vectors); // F G + strength L F = P, in coordinates where G and L are diagonal
      for (let k = 0, at = 0; k < size; k++) {
        const rough = strength * (2 - 2 * cos((Math.PI * k) / size));
        for (let r = 0; r < rank; r++, at++) {
          const curvature = Math.max(0, values[r]) + rough;
          turned.data[at] = curvature > values[0] * rank * Number.EPSILON ? turned.data[at] / curvature : 0;
        }
      }
      return matmul(transpose(basis), matmul(turned, transpose(vectors)));
    },
  };
}

/** The cosine basis (DCT-II), one vector a row. */
function cosines(size: number): Matrix {
  const out = zeros([size, size]);
  for (let k = 0; k < size; k++)
    for (let i = 0; i < size; i++)
      out.data[k * size + i] = Math.sqrt((k === 0 ? 1 : 2) / size) * cos((Math.PI * k * (i + 0.5)) / size);
  return out;
}

/**
 * Orthonormal columns: the polar factor of the products, the solution of the orthogonal Procrustes problem. The rank must not exceed the size of the mode.
 *
 * @see Schönemann (1966), A generalized solution of the orthogonal Procrustes problem, Psychometrika 31
 * @example orthogonal().update(tensor([1, 1], [1]), tensor([2, 1], [3, 4]), zeros([2, 1])).data // Float64Array [0.6, 0.8], up to rounding
 */
export function orthogonal(): CpConstraint {
  const polar = (m: Matrix): Matrix => {
    const { u, v } = svd(m);
    return matmul(u, transpose(v));
  };
  return {
    name: "orthogonal",
    narrow: true,
    unitColumns: true,
    homogeneous: true,
    start: polar,
    update: (_, products) => polar(products),
  };
}
