import { fail } from "../base";
import { checkFinite, type Matrix, type Tensor } from "../tensor";
import type { CpConstraint } from "./constraints";
import { levelOf, type Level } from "./level";
import { columnUnits, largestOf, rescaled, rescaledColumns, timesPowerOfTwo, unitOf } from "./units";

/** Data in the unit that they are computed in: `x 2^unit` are the data as given. */
export interface Problem {
  readonly x: Tensor;
  readonly unit: number;
  readonly level: Level;
}

/**
 * Data in a unit in which their squares neither overflow nor vanish: as they are, but for extreme ones. Where nothing is missing, a finite norm shows that every
 * entry is finite, so ordinary data are read once.
 */
export function inUnit(where: string, x: Tensor, mask?: Tensor): Problem {
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

/** Refuse penalties of data that have to be computed in another unit: their strength is in the unit of the data. */
export function checkPenalties(
  where: string,
  unit: number,
  ridge: number,
  constraints: readonly (CpConstraint | undefined)[],
): void {
  const bound = constraints.find((constraint) => constraint && !constraint.homogeneous);
  if (unit === 0 || (ridge === 0 && !bound)) return;
  fail(where, {
    expected: `x in a unit between 1e-30 and 1e30 with ${bound ? `the constraint ${bound.name}` : "a ridge"}`,
    got: `entries near ${timesPowerOfTwo(1, unit).toExponential(0)}`,
    fix: "Divide x by a power of ten: a strength is in the unit of the data.",
  });
}

/** Factors to start from, whose columns can be multiplied; the scale of a component means nothing to a sweep, but in modes that are fixed. */
export interface StartInUnit {
  readonly factors: readonly Matrix[];
  /** the exponent of each component in the result: that of x, less what was taken out of fixed factors */
  readonly exponents: readonly number[];
}

/** Factors to start from in the unit of the problem. Where a run is resumed, its free factors are in it already, and are kept to the bit. */
export function startInUnit(
  factors: readonly Matrix[],
  { fixed, unit, resumes }: { readonly fixed: readonly number[]; readonly unit: number; readonly resumes: boolean },
): StartInUnit {
  const units = columnUnits(factors).map((columns, mode) =>
    resumes && !fixed.includes(mode) ? columns.map(() => 0) : columns,
  );
  return {
    factors: factors.map((f, mode) =>
      rescaledColumns(
        f,
        units[mode].map((exponent) => -exponent),
      ),
    ),
    exponents: units[0].map((_, r) => fixed.reduce((sum, mode) => sum - units[mode][r], unit)),
  };
}
