import { checkAbove, fail, readOptions, show, type FieldsOf } from "../base";
import { columnConstraint } from "./column-constraint";
import { soften } from "./column-operators";
import type { CpConstraint } from "./constraint";
import type { SignOptions } from "./proximal-constraints";
import { tautString } from "./taut-string";

export interface BoxOptions {
  /** the lower bound of entries; default none */
  readonly least?: number;
  /** the upper bound of entries; default none */
  readonly most?: number;
}

const boxFields = { least: { is: "number" }, most: { is: "number" } } as const satisfies FieldsOf<BoxOptions>;

/**
 * Entries of one mode's factor within bounds. If no bound is 0, another mode has to carry the scale.
 *
 * @throws {@link LtrnnError} without a bound, or when `least` is above `most`
 * @example box({ least: 0, most: 1 }).update(tensor([1, 1], [1]), tensor([3, 1], [2, 0.5, -1]), zeros([3, 1])).data
 * // Float64Array [1, 0.5, 0], up to rounding
 */
export function box(options: BoxOptions): CpConstraint {
  const bounds = readOptions<BoxOptions, typeof boxFields>("box", options, boxFields),
    { least = -Infinity, most = Infinity } = bounds;
  if ((bounds.least === undefined && bounds.most === undefined) || least > most)
    fail("box", {
      expected: "a bound, least no larger than most",
      got: show({ ...(bounds.least === undefined ? {} : { least }), ...(bounds.most === undefined ? {} : { most }) }),
      fix: "Pass such as { least: 0, most: 1 }.",
    });
  return columnConstraint(
    `box(${least}, ${most})`,
    {
      kind: "box",
      ...(bounds.least === undefined ? {} : { least }),
      ...(bounds.most === undefined ? {} : { most }),
    },
    {
      symmetric: least === -most,
      homogeneous: [least, most].every((bound) => bound === 0 || !Number.isFinite(bound)),
      operate(column) {
        for (let i = 0; i < column.length; i++) column[i] = Math.min(most, Math.max(least, column[i]));
      },
    },
  );
}

const anySign = { nonNegative: { is: "boolean", fallback: false } } as const satisfies FieldsOf<SignOptions>;

/**
 * Columns no longer than `radius`; another mode has to carry the scale.
 *
 * @param options.nonNegative - true to keep entries at 0 or above too; default false
 * @throws {@link LtrnnError} when the radius is not above 0
 * @example l2Ball(1).update(tensor([1, 1], [1]), tensor([2, 1], [3, 4]), zeros([2, 1])).data
 * // Float64Array [0.6, 0.8], up to rounding
 */
export function l2Ball(radius: number, options: SignOptions = {}): CpConstraint {
  checkAbove("l2Ball", "radius", radius, 0);
  const { nonNegative } = readOptions<SignOptions, typeof anySign>("l2Ball", options, anySign);
  return columnConstraint(
    `l2Ball(${radius}${nonNegative ? ", nonNegative" : ""})`,
    { kind: "l2Ball", radius, ...(nonNegative ? { nonNegative } : {}) },
    {
      symmetric: !nonNegative,
      operate(column) {
        if (nonNegative) for (let i = 0; i < column.length; i++) column[i] = Math.max(0, column[i]);
        const length = Math.sqrt(column.reduce((sum, x) => sum + x * x, 0));
        if (length > radius) for (let i = 0; i < column.length; i++) column[i] *= radius / length;
      },
    },
  );
}

export interface TotalVariationOptions {
  /** strength of a second penalty, on the sum of absolute entries: entries near 0 become 0. Default 0 */
  readonly l1?: number;
}

const variationFields = {
  l1: { is: "number", least: 0, fallback: 0 },
} as const satisfies FieldsOf<TotalVariationOptions>;

/**
 * A penalty of `strength` times the absolute differences between neighboring rows: factors that are piecewise constant
 * along a mode, such as trials before and after a change. Other factors must not grow in its place: give them unit
 * columns, a ridge, or fix them.
 *
 * @throws {@link LtrnnError} when the strength is not above 0
 * @remarks O(size · rank) a step.
 * @see Davies & Kovac (2001), Local extremes, runs, strings and multiresolution, Ann. Stat. 29; with `l1` the fused
 * lasso: Friedman, Hastie, Höfling & Tibshirani (2007), Pathwise coordinate optimization, Ann. Appl. Stat. 1
 * @example totalVariation(1).update(tensor([1, 1], [1]), tensor([4, 1], [0, 0.2, 3, 3]), zeros([4, 1])).data
 * // Float64Array [0.35, 0.35, 2.75, 2.75], up to rounding
 */
export function totalVariation(strength: number, options: TotalVariationOptions = {}): CpConstraint {
  checkAbove("totalVariation", "strength", strength, 0);
  const { l1 } = readOptions<TotalVariationOptions, typeof variationFields>("totalVariation", options, variationFields);
  return columnConstraint(
    `totalVariation(${strength}${l1 > 0 ? `, ${l1}` : ""})`,
    { kind: "totalVariation", strength, ...(l1 > 0 ? { l1 } : {}) },
    {
      symmetric: true,
      operate(column, step) {
        tautString(column, strength * step);
        if (l1 > 0) soften(column, l1 * step);
      },
      penalty(column) {
        let sum = 0;
        for (let i = 0; i < column.length; i++) {
          if (i > 0) sum += strength * Math.abs(column[i] - column[i - 1]);
          sum += l1 * Math.abs(column[i]);
        }
        return sum;
      },
    },
  );
}
