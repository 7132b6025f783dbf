import { singularValues } from "../linalg";
import type { Tensor } from "../tensor";
import { flattened, onDirections } from "./koszul-components";
import { sizesOf, type KoszulFlattening } from "./koszul-flattening";

/**
 * Whether a flattening shows that no tensor within `distance` (Frobenius) of x has fewer than `rank` components, nor is
 * a limit of such: fewer components give at most (rank - 1) D nonzero singular values, and adding a tensor of norm d
 * changes each by at most √D d.
 */
export function koszulNeeds(
  flattening: KoszulFlattening,
  x: Tensor,
  { rank, distance, seed }: { readonly rank: number; readonly distance: number; readonly seed: number },
): boolean {
  const { domain, range, each, rows, columns } = sizesOf(flattening, x.shape, rank),
    values = singularValues(flattened(flattening, onDirections(flattening, x, seed), domain, range)),
    rounding = (rows + columns) * Number.EPSILON * values[0];
  return values[(rank - 1) * each] > Math.sqrt(each) * distance + rounding;
}
