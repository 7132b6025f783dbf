import { fail } from "../base";
import { checkFinite, largestOf, lengthOf, type Tensor } from "../tensor";
import { levelOf, type Level } from "./level";
import { rescaled, timesPowerOfTwo, unitOf } from "./units";

/** Data in the unit that they are computed in: `x 2^unit` are the data as given. */
export interface InUnit<Measured = Level> {
  readonly x: Tensor;
  readonly unit: number;
  readonly level: Measured;
}

type Size = Pick<Level, "size">;

/**
 * Data in a unit in which their squares neither overflow nor vanish: as they are, but for extreme ones. Where nothing
 * is missing, a finite norm shows that every entry is finite, so ordinary data are read once.
 */
export const inUnit = (where: string, x: Tensor, mask?: Tensor): InUnit => measured(where, x, mask, levelOf);

/** The same without missing entries, where of the level the norm alone is asked. */
export const normInUnit = (where: string, x: Tensor): InUnit<Size> =>
  measured(where, x, undefined, ({ data }) => ({ size: lengthOf(data) }));

function measured<Measured extends Size>(
  where: string,
  x: Tensor,
  mask: Tensor | undefined,
  measure: (of: Tensor, seen?: Float64Array) => Measured,
): InUnit<Measured> {
  const level = measure(x, mask?.data);
  if (level.size > 0 && unitOf(level.size) === 0 && Number.isFinite(level.size)) return { x, unit: 0, level };
  checkFinite(where, "x", x, mask);
  const unit = unitOf(largestOf(x.data, mask?.data));
  if (unit === 0) return { x, unit, level };
  const inside = rescaled(x, -unit),
    insideLevel = measure(inside, mask?.data);
  if (!Number.isFinite(timesPowerOfTwo(insideLevel.size, unit)))
    fail(where, {
      expected: "x with a norm within the range of doubles",
      got: "a larger one",
      fix: "Divide x by a power of ten first.",
    });
  return { x: inside, unit, level: insideLevel };
}
