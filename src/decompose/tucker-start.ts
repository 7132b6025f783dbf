import { fail } from "../base";
import { rescaled } from "../factored";
import { orthonormalColumns } from "../linalg";
import { checkFinite, checkSameShape, checkTensor, gram, shapeText, type Matrix, type Tensor } from "../tensor";
import type { TuckerOptions } from "./tucker-options";
import type { TuckerRanks } from "./tucker-ranks";

/** The factors of a given start, with orthonormal columns; fixed ones must have them. */
export function givenFactors(
  where: string,
  x: Tensor,
  ranks: TuckerRanks,
  start: Exclude<NonNullable<TuckerOptions["start"]>, string>,
  fixed: readonly number[],
): (Matrix | undefined)[] {
  const factors = "factors" in start ? start.factors : start,
    list = ranks as readonly (number | null)[];
  if (factors.length !== x.shape.length)
    fail(where, {
      expected: `${x.shape.length} start factors, one per mode`,
      got: String(factors.length),
      fix: "Start from factors of these ranks; of modes left whole they are not read.",
    });
  return x.shape.map((size, mode) => {
    const rank = list[mode],
      f = factors[mode];
    if (rank === null) return undefined;
    checkTensor(where, `start factor ${mode}`, f, 2);
    if (f.shape[0] !== size || f.shape[1] !== rank)
      fail(where, {
        expected: `start factor ${mode} of shape (${size} × ${rank})`,
        got: shapeText(f.shape),
        fix: "Start from factors of these ranks, one per mode.",
      });
    checkFinite(where, `start factor ${mode}`, f);
    const off = gram(f).data.reduce((most, g, i) => Math.max(most, Math.abs(g - (i % (rank + 1) === 0 ? 1 : 0))), 0);
    if (off <= 1e-12) return f;
    if (fixed.includes(mode) && off > 1e-8)
      fail(where, {
        expected: `orthonormal columns in the fixed factor ${mode}`,
        got: `columns whose inner products are off by ${off.toExponential(1)}`,
        fix: "Pass orthonormalBasis(factor), which spans the same.",
      });
    return fixed.includes(mode) ? f : orthonormalColumns(f);
  });
}

/** The core of an earlier result, in the unit of the problem, where its factors are taken as they are. */
export function givenCore(
  where: string,
  x: Tensor,
  ranks: TuckerRanks,
  start: TuckerOptions["start"],
  taken: readonly (Matrix | undefined)[],
  unit: number,
): { readonly core?: Tensor } {
  if (typeof start !== "object" || !("core" in start)) return {};
  if (taken.some((u, mode) => u && u !== start.factors[mode])) return {};
  const list = ranks as readonly (number | null)[],
    shape = x.shape.map((size, mode) => list[mode] ?? size);
  checkSameShape(where, "the core of start", start.core, shape, "ranks say");
  checkFinite(where, "the core of start", start.core);
  return { core: rescaled(start.core, -unit) };
}
