import { checkAbove } from "../base";
import type { CpConstraint } from "./constraint";
import { solveRows } from "./row-updates";
import { solveFactor } from "./update-factor";

/**
 * A penalty of `strength` times the squared entries of one mode's factor. On every mode, it keeps components from
 * diverging. It is added to the squared error, so its strength depends on the unit of the data. For data ten times as
 * large, the same strength gives a factor ten times as large where this mode carries the scale; where another mode
 * carries it, a strength a hundred times as large gives the same factor.
 *
 * @throws {@link LtrnnError} when the strength is not above 0
 * @example ridgePenalty(1).update(tensor([1, 1], [1]), tensor([1, 1], [4]), zeros([1, 1])).data
 * // Float64Array [2], up to rounding
 */
export function ridgePenalty(strength: number): CpConstraint {
  checkAbove("ridgePenalty", "strength", strength, 0);
  return {
    name: `ridgePenalty(${strength})`,
    description: { kind: "ridgePenalty", strength },
    symmetric: true,
    proximal: ({ shape, data }, step) => ({ shape, data: data.map((x) => x / (1 + 2 * step * strength)) }),
    update: (normal, products) => solveFactor(normal, products, strength).factor,
    updateByRow: (normals, products) => solveRows(normals, products, strength).factor,
  };
}
