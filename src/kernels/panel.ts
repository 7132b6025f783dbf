import type { Tensor3 } from "../tensor";
import type { Kernels } from "./kernel-set";

/** Trials (trials × time × n) in either precision: data of a float32 library need not be converted first. */
export interface Rows {
  readonly shape: Tensor3["shape"];
  readonly data: Float64Array | Float32Array;
}

/** Copies a panel, `[step][row][lane]` at an address, into trials `first` … of `x` (trials × time × n). */
export function unpackPanel(
  x: Rows,
  { workspace, lanes, unpack, deinterleave }: Kernels,
  from: number,
  step: number,
  first: number,
): void {
  const [trials, time, n] = x.shape,
    filled = Math.min(lanes, trials - first),
    size = time * n,
    narrow = x.data instanceof Float32Array && lanes === 16;
  workspace.within(() => {
    const bytes = narrow ? 4 : 8,
      staging = workspace.take(filled * size * bytes, false),
      m = narrow ? workspace.f32 : workspace.f64;
    (narrow ? deinterleave : unpack)(staging, from, step, time, n, filled);
    x.data.set(m.subarray(staging / bytes, staging / bytes + filled * size), first * size);
  });
}

/**
 * Copies trials `first` … of gradients into a panel; lanes without a trial get zeros, which add nothing.
 * @returns whether all of them are finite
 */
export function packGradients(
  { workspace, lanes, bytes, interleave }: Kernels,
  to: number,
  step: number,
  x: Rows,
  first: number,
): boolean {
  const [trials, time, n] = x.shape,
    filled = Math.min(lanes, trials - first),
    size = time * n,
    rows = x.data.subarray(first * size, (first + filled) * size);
  return workspace.within(() => {
    const staging = workspace.take(filled * size * bytes, false),
      m = bytes === 4 ? workspace.f32 : workspace.f64;
    m.set(rows, staging / bytes);
    return interleave(to, step, staging, time, n, filled) === 1;
  });
}

/**
 * Copies trials `first` … of `x` into a panel. Lanes without a trial repeat the last one, or are NaN where `missing`;
 * entries that the mask hides are NaN.
 * @param staging - room for `lanes` trials in float64, twice where there is a mask
 * @returns how many entries that are not hidden are not finite
 */
export function packPanel(
  kernels: Kernels,
  to: number,
  step: number,
  x: Rows,
  first: number,
  staging: number,
  { mask, missing = false }: { readonly mask?: Rows; readonly missing?: boolean } = {},
): number {
  const [trials, time, n] = x.shape,
    size = time * n,
    filled = Math.min(kernels.lanes, trials - first),
    bytes = size * kernels.lanes * 8;
  kernels.workspace.f64.set(x.data.subarray(first * size, (first + filled) * size), staging / 8);
  if (mask) kernels.workspace.f64.set(mask.data.subarray(first * size, (first + filled) * size), (staging + bytes) / 8);
  return kernels.pack(to, step, staging, mask ? staging + bytes : 0, time, n, filled, missing ? 1 : 0);
}
