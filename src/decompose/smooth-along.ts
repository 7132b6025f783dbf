import { checkAbove, cos } from "../base";
import { symmetricEigen } from "../linalg";
import { matmul, transpose, zeros, type Matrix } from "../tensor";
import type { CpConstraint } from "./constraint";

/**
 * A penalty of `strength` times the squared differences between neighboring rows: factors that are smooth along a mode
 * such as time or trials. The minimum is found exactly, in the cosine basis, which diagonalizes the differences. A
 * penalty holds where the other factors cannot grow against it: give them orthogonal columns, a {@link ridgePenalty},
 * or fix them.
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
    update(normal, products) {
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
