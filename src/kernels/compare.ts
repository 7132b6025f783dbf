import type { Kernels } from "./kernel-set";

/** A panel's outputs beside targets, for a kernel: addresses of rows of the panel. */
export interface Comparison {
  readonly kernels: Kernels;
  /** y */
  readonly outputs: number;
  /** targets; NaN where they are left out */
  readonly targets: number;
  /** where the derivative goes, which may be the place of the targets; 0: it is not asked for */
  readonly gradient: number;
  readonly rows: number;
  /** what the derivative is multiplied by */
  readonly scale: number;
}

/** The loss of an entry, and its derivative in y. */
export type EntryLossFunction = (y: number, target: number) => readonly [loss: number, slope: number];

/**
 * The sum of a function over the entries of a panel, row by row; its derivative times `scale` is written. The same with
 * and without SIMD.
 */
export function compareEntries(
  { kernels: { workspace, bytes, lanes }, outputs, targets, gradient, rows, scale }: Comparison,
  entry: EntryLossFunction,
): number {
  const m = bytes === 4 ? workspace.f32 : workspace.f64,
    [y, t, d] = [outputs / bytes, targets / bytes, gradient / bytes];
  let sum = 0;
  for (let i = 0; i < rows * lanes; i++) {
    const target = m[t + i],
      observed = !Number.isNaN(target),
      [loss, slope] = observed ? entry(m[y + i], target) : none;
    sum += loss;
    if (gradient) m[d + i] = scale * slope;
  }
  return sum;
}

const none = [0, 0] as const;
