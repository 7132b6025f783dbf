import { log } from "../base";
import { everyFew, logTicks, roundTicks, tickLabels } from "./ticks";

/** An axis: where in pixels a value lies, and at which values ticks stand. */
export interface Axis {
  readonly position: (value: number) => number;
  readonly ticks: readonly { readonly value: number; readonly label: string }[];
}

/** A linear axis over the finite values, from `from` to `to` in pixels. */
export function linearAxis(values: Iterable<number>, from: number, to: number): Axis {
  const [low, high] = widened(rangeOf(values, () => true) ?? [0, 1]);
  const span = high / 2 - low / 2; // halves do not overflow
  const position = (value: number) => from + ((value / 2 - low / 2) / span) * (to - from);
  return { position, ticks: labeled(roundTicks(low, high)) };
}

/** A logarithmic axis over the finite values above zero. */
export function logAxis(values: Iterable<number>, from: number, to: number): Axis {
  const [least, most] = rangeOf(values, (value) => value > 0) ?? [1, 10];
  const [low, high] = most > least * (1 + 1e-9) ? [least, most] : [least / 2, Math.min(most * 2, Number.MAX_VALUE)];
  const span = log(high) - log(low);
  const position = (value: number) => from + ((log(value) - log(low)) / span) * (to - from);
  return { position, ticks: labeled(logTicks(low, high)) };
}

/** An axis of `count` cells from `from` on, `size` pixels each, ticks in their middle. */
export function cellAxis(count: number, from: number, size: number): Axis {
  const cells = Array.from({ length: count }, (_, index) => index);
  return { position: (index) => from + (index + 0.5) * size, ticks: labeled(everyFew(cells, 6)) };
}

function labeled(ticks: readonly number[]): Axis["ticks"] {
  const labels = tickLabels(ticks);
  return ticks.map((value, i) => ({ value, label: labels[i] }));
}

function rangeOf(values: Iterable<number>, counts: (value: number) => boolean): [number, number] | undefined {
  let low = Infinity,
    high = -Infinity;
  for (const value of values)
    if (Number.isFinite(value) && counts(value)) [low, high] = [Math.min(low, value), Math.max(high, value)];
  return low <= high ? [low, high] : undefined;
}

/** A range that ticks of twelve digits can tell apart: a constant gets room on both sides. */
function widened([low, high]: readonly [number, number]): [number, number] {
  const size = Math.max(Math.abs(low), Math.abs(high));
  if (size < 1e-300) return [-1, 1];
  if (high - low > 1e-9 * size) return [low, high];
  return [Math.max(low - size / 2, -Number.MAX_VALUE), Math.min(high + size / 2, Number.MAX_VALUE)];
}
