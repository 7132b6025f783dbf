import { checkAbove, cos } from "../base";
import { solveSymmetric, symmetricEigen } from "../linalg";
import { identity, matmul, transpose, zeros, type Matrix } from "../tensor";
import type { CpConstraint } from "./constraint";

/**
 * A penalty of `strength` times the squared differences between neighboring rows: factors that are smooth along a mode
 * such as time or trials. The minimum is found exactly, in the cosine basis, which diagonalizes the differences. The
 * other factors must not grow in its place: give them orthogonal columns, a {@link ridgePenalty}, or fix them.
 *
 * @throws {@link LtrnnError} when the strength is not above 0
 * @remarks O(size² · rank) an update.
 * @see Strang (1999), The discrete cosine transform, SIAM Review 41: the basis
 * @example smoothAlong(1e9).update(tensor([1, 1], [1]), tensor([2, 1], [1, 3]), zeros([2, 1])).data.map(Math.round)
 * // Float64Array [2, 2]
 */
export function smoothAlong(strength: number): CpConstraint {
  checkAbove("smoothAlong", "strength", strength, 0);
  return {
    name: `smoothAlong(${strength})`,
    description: { kind: "smoothAlong", strength },
    symmetric: true,
    // F + 2 step strength L F = factor
    proximal: (factor, step) => smoothed(identity(factor.shape[1]), factor, 2 * step * strength),
    update: (normal, products) => smoothed(normal, products, strength),
    updateByRow: (normals, products) => smoothRows(normals, products, strength),
  };
}

/** The minimum where all rows share normal equations. */
function smoothed(normal: Matrix, products: Matrix, strength: number): Matrix {
  const [size, rank] = products.shape,
    basis = cosines(size),
    { values, vectors } = symmetricEigen(normal);
  // F G + strength L F = P, in coordinates where G and L are diagonal
  const rotated = matmul(matmul(basis, products), vectors);
  for (let k = 0, i = 0; k < size; k++) {
    const roughness = strength * (2 - 2 * cos((Math.PI * k) / size));
    for (let r = 0; r < rank; r++, i++) {
      const curvature = Math.max(0, values[r]) + roughness;
      rotated.data[i] = curvature > values[0] * rank * Number.EPSILON ? rotated.data[i] / curvature : 0;
    }
  }
  return matmul(transpose(basis), matmul(rotated, transpose(vectors)));
}

/**
 * The minimum where every row has normal equations of its own: a block tridiagonal system, row after row and back.
 *
 * @see Golub & Van Loan (2013), Matrix Computations, section 4.5
 */
function smoothRows(normals: readonly Matrix[], products: Matrix, strength: number): Matrix {
  const [size, rank] = products.shape,
    inverses: Matrix[] = [],
    out = products.data.slice();
  for (let i = 0; i < size; i++) {
    const block = normals[i].data.slice(),
      neighbors = Number(i > 0) + Number(i < size - 1);
    for (let r = 0; r < rank; r++) block[r * rank + r] += strength * neighbors;
    if (i > 0) {
      const before = inverses[i - 1].data;
      for (let k = 0; k < block.length; k++) block[k] -= strength * strength * before[k];
      addTimes(out, i, inverses[i - 1], out.slice((i - 1) * rank, i * rank), strength);
    }
    inverses.push(solveSymmetric({ shape: [rank, rank], data: block }, identity(rank)).x);
  }
  for (let i = size - 1; i >= 0; i--) {
    if (i < size - 1) for (let r = 0; r < rank; r++) out[i * rank + r] += strength * out[(i + 1) * rank + r];
    const right = out.slice(i * rank, (i + 1) * rank);
    out.fill(0, i * rank, (i + 1) * rank);
    addTimes(out, i, inverses[i], right, 1);
  }
  return { shape: products.shape, data: out };
}

/** Adds `by` times the matrix times a vector to a row. */
function addTimes(rows: Float64Array, row: number, { shape: [rank], data }: Matrix, v: Float64Array, by: number): void {
  for (let r = 0; r < rank; r++) for (let s = 0; s < rank; s++) rows[row * rank + r] += by * data[r * rank + s] * v[s];
}

/** The cosine basis (DCT-II), one vector a row. */
function cosines(size: number): Matrix {
  const out = zeros([size, size]);
  for (let k = 0; k < size; k++)
    for (let i = 0; i < size; i++)
      out.data[k * size + i] = Math.sqrt((k === 0 ? 1 : 2) / size) * cos((Math.PI * k * (i + 0.5)) / size);
  return out;
}
