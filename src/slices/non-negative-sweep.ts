import type { Tensor } from "../tensor";
import { nonNegativePart } from "./fit-part";
import { partOf, residualOf, rowsOf, unflat, type FlatPart } from "./part";

/** One sweep of non-negative components: each kind is fitted to the residual of the others, 0 where x is missing. */
export function nonNegativeSweep(
  x: Tensor,
  mask: Float64Array | undefined,
  parts: readonly FlatPart[],
  makes: readonly Float64Array[],
): FlatPart[] {
  const next = [...parts],
    making = [...makes];
  for (const [mode, part] of parts.entries()) {
    if (part.vectors.shape[1] === 0) continue;
    const left = residualOf(x, making, mask);
    for (let i = 0; i < left.length; i++) left[i] += making[mode][i];
    next[mode] = nonNegativePart(rowsOf({ shape: x.shape, data: left }, mode), part);
    making[mode] = partOf(unflat(next[mode], x.shape, mode), x.shape, mode);
  }
  return next;
}
