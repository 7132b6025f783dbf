import type { Tensor3 } from "../tensor";

/**
 * Trials that a kernel carries side by side: the last index of every kernel array, `[time][unit][lane]`, so that one
 * weight serves as many trials as there are lanes. A panel that is not full is padded with copies of its last trial, which no loss counts.
 */
export const lanes = 8;

/** Rows `first` .. `first + lanes - 1` of `x` (trials × time × n) into `[time][n][lane]`, leaving `stride - n` rows of each step as they are. */
export function packPanel(out: Float64Array, x: Tensor3, first: number, stride: number): void {
  const [trials, time, n] = x.shape;
  for (let lane = 0; lane < lanes; lane++) {
    const trial = Math.min(first + lane, trials - 1);
    for (let t = 0, at = trial * time * n; t < time; t++)
      for (let i = 0, to = t * stride * lanes + lane; i < n; i++, at++, to += lanes) out[to] = x.data[at];
  }
}

/** `[time][n][lane]` back into rows `first` .. of `x` (trials × time × n). */
export function unpackPanel(x: Tensor3, panel: Float64Array, first: number, stride: number): void {
  const [trials, time, n] = x.shape;
  for (let lane = 0; lane < lanes && first + lane < trials; lane++)
    for (let t = 0, at = (first + lane) * time * n; t < time; t++)
      for (let i = 0, from = t * stride * lanes + lane; i < n; i++, at++, from += lanes) x.data[at] = panel[from];
}
