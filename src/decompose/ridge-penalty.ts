import { checkAbove } from "../base";
import type { CpConstraint } from "./constraint";
import { solveRows } from "./row-updates";
import { solveFactor } from "./update-factor";

/**
 * A penalty of `strength` times the squared entries of one mode's factor. On every mode, it keeps components from
 * diverging. It is beside the squared error, so its strength is in the unit of the data: for data ten times as large,
 * with this mode carrying the scale, the same strength gives a factor ten times as large; where another mode carries
 * it, a hundred times the strength does.
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
