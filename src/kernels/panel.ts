import type { Tensor3 } from "../tensor";
import type { Kernels } from "./kernel-set";

/** Trials in rows, in either precision (trials × time × n): what comes from a library of float32 need not be copied first. */
export interface Rows {
  readonly shape: Tensor3["shape"];
  readonly data: Float64Array | Float32Array;
}

/** A panel's rows, `[step][row][lane]` from an address on, into trials `first` .. of `x` (trials × time × n). */
export function unpackPanel(x: Rows, { workspace, lanes, bytes }: Kernels, from: number, step: number, first: number): void {
  const [trials, time, n] = x.shape, m = bytes === 4 ? workspace.f32 : workspace.f64;
  for (let lane = 0; lane < lanes && first + lane < trials; lane++)
    for (let t = 0, at = (first + lane) * time * n; t < time; t++)
      for (let i = 0, p = (from + t * step) / bytes + lane; i < n; i++, at++, p += lanes) x.data[at] = m[p];
}

/**
 * Trials `first` .. of `x` into a panel; a lane without a trial repeats the last, or is NaN where `missing`, and so is what the mask hides.
 * @param staging - room for `lanes` trials in float64, twice where there is a mask
 * @returns how many of the entries that are to be read are not finite
 */
export function packPanel(kernels: Kernels, to: number, step: number, x: Rows, first: number, staging: number, { mask, missing = false }: { readonly mask?: Rows; readonly missing?: boolean } = {}): number {
  const [trials, time, n] = x.shape, size = time * n, filled = Math.min(kernels.lanes, trials - first), bytes = size * kernels.lanes * 8;
  kernels.workspace.f64.set(x.data.subarray(first * size, (first + filled) * size), staging / 8);
  if (mask) kernels.workspace.f64.set(mask.data.subarray(first * size, (first + filled) * size), (staging + bytes) / 8);
  return kernels.pack(to, step, staging, mask ? staging + bytes : 0, time, n, filled, missing ? 1 : 0);
}
