import { fail } from "../base";
import { checkFinite, type Tensor } from "../tensor";
import { levelOf, type Level } from "./level";
import { largestOf, rescaled, timesPowerOfTwo, unitOf } from "./units";

/** Data in the unit that they are computed in: `x 2^unit` are the data as given. */
export interface InUnit {
  readonly x: Tensor;
  readonly unit: number;
  readonly level: Level;
}

/**
 * Data in a unit in which their squares neither overflow nor vanish: as they are, but for extreme ones. Where nothing
 * is missing, a finite norm shows that every entry is finite, so ordinary data are read once.
 */
export function inUnit(where: string, x: Tensor, mask?: Tensor): InUnit {
  const level = levelOf(x, mask?.data);
  if (level.size > 0 && unitOf(level.size) === 0 && Number.isFinite(level.size)) return { x, unit: 0, level };
  checkFinite(where, "x", x, mask);
  const unit = unitOf(largestOf(x.data, mask?.data));
  if (unit === 0) return { x, unit, level };
  const inside = rescaled(x, -unit),
    insideLevel = levelOf(inside, mask?.data);
  if (!Number.isFinite(timesPowerOfTwo(insideLevel.size, unit)))
    fail(where, {
      expected: "x with a norm within the range of doubles",
      got: "a larger one",
      fix: "Divide x by a power of ten first.",
    });
  return { x: inside, unit, level: insideLevel };
}
