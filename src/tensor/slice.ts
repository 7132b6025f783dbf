import { fail, show } from "../base";
import { gather } from "./gather";
import { checkTensor } from "./check";
import type { ModesOf, Shape, Tensor } from "./shape";

/**
 * Indices of one mode: from `start` up to but not including `stop`, every `step`-th. Negative ones count from the end.
 */
export type Range = readonly [start: number, stop?: number | undefined, step?: number | undefined];

/**
 * Part of a tensor, a range of indices in every mode: NumPy's basic slicing, `x[start:stop:step, ...]`.
 *
 * @param ranges - one per mode; undefined takes the whole mode, as do modes past the last range. `stop` defaults to the
 * size of the mode, `step` to 1; indices past either end are cut off, as NumPy does. A negative step is refused.
 * @returns a copy with as many modes as x
 * @throws {@link LtrnnError} when there are more ranges than modes, or a range is not of whole numbers
 * @remarks O(entries of the result).
 * @example slice(tensor([2, 3], [1, 2, 3, 4, 5, 6]), [undefined, [-2]]).data // Float64Array [2, 3, 5, 6]
 */
export function slice<S extends Shape>(x: Tensor<S>, ranges: readonly (Range | undefined)[]): Tensor<ModesOf<S>> {
  checkTensor("slice", "x", x);
  if (!Array.isArray(ranges) || ranges.length > x.shape.length)
    fail("slice", {
      expected: `an array of at most ${x.shape.length} ranges, one per mode`,
      got: show(ranges),
      fix: "Pass [start, stop] or [start, stop, step] for each mode, undefined for the whole of it.",
    });
  return gather(
    "slice",
    x,
    x.shape.map((size, mode) => indicesOf(ranges[mode], size, mode)),
  );
}

function indicesOf(range: Range | undefined, size: number, mode: number): number[] {
  if (range === undefined) return Array.from({ length: size }, (_, i) => i);
  const whole = Array.isArray(range) && range.length >= 1 && range.length <= 3;
  const [start, stop = size, step = 1] = whole ? range : [Number.NaN];
  if (![start, stop, step].every(Number.isInteger) || step < 1)
    fail("slice", {
      expected: `the range of mode ${mode} to be [start, stop, step] of whole numbers, step at least 1`,
      got: whole ? `[${Array.from(range, show).join(", ")}]` : show(range),
      fix: "Pass [start], [start, stop] or [start, stop, step].",
    });
  const clipped = (index: number) => Math.min(size, Math.max(0, index < 0 ? index + size : index));
  const from = clipped(start),
    count = Math.max(0, Math.ceil((clipped(stop) - from) / step));
  return Array.from({ length: count }, (_, i) => from + i * step);
}
