import type { Kernels } from "./kernel-set";
import type { Rows } from "./panel";

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
  /** of rows, how many belong to one step: output after output */
  readonly columns: number;
  /** what the derivative is multiplied by */
  readonly scale: number;
  /** the address of two float64 for every output, for whatever a loss puts there */
  readonly room: number;
  /** takes, for every output, the sum of derivatives in a parameter of the loss; absent: they are not asked for */
  readonly slopes?: Float64Array | undefined;
}

/** Targets of all trials, to compare a panel with. */
export interface PanelTargets {
  readonly targets: Rows;
  readonly mask?: Rows | undefined;
  /** what the derivative is multiplied by; undefined: only the loss is asked for */
  readonly scale?: number | undefined;
  /** takes the derivatives in parameters of the loss, by output */
  readonly slopes?: Float64Array | undefined;
  /** the loss over the panel by these addresses */
  compare(comparison: Comparison): number;
}

/** The loss of an entry of an output, and its derivative in y. */
export type EntryLossFunction = (y: number, target: number, output?: number) => readonly [loss: number, slope: number];

/**
 * The sum of a function over the entries of a panel, row by row; its derivative times `scale` is written. The same with
 * and without SIMD.
 */
export function compareEntries(
  { kernels: { workspace, bytes, lanes }, outputs, targets, gradient, rows, columns, scale }: Comparison,
  entry: EntryLossFunction,
): number {
  const m = bytes === 4 ? workspace.f32 : workspace.f64,
    [y, t, d] = [outputs / bytes, targets / bytes, gradient / bytes];
  let sum = 0;
  for (let i = 0; i < rows * lanes; i++) {
    const target = m[t + i],
      observed = !Number.isNaN(target),
      [loss, slope] = observed ? entry(m[y + i], target, Math.floor(i / lanes) % columns) : none;
    sum += loss;
    if (gradient) m[d + i] = scale * slope;
  }
  return sum;
}

const none = [0, 0] as const;
