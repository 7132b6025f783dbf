import { type Kernels, rowBytes } from "./kernel-set";
import type { Workspace } from "./workspace";

/**
 * Trials into the lanes of a panel and back, in plain TypeScript; `reals` is the workspace in the precision of the set.
 */
export const plainPanels = (
  workspace: Workspace,
  reals: () => Float32Array | Float64Array,
  bytes: number,
): Pick<Kernels, "pack" | "unpack" | "interleave" | "deinterleave"> => {
  const lanes = rowBytes / bytes;
  return {
    pack(out, outStep, from, mask, steps, n, filled, padWithNaN) {
      const panel = reals(),
        rows = workspace.f64;
      let bad = 0;
      for (let lane = 0; lane < lanes; lane++)
        for (let s = 0; s < steps; s++)
          for (let i = 0; i < n; i++) {
            const entry = (Math.min(lane, filled - 1) * steps + s) * n + i,
              value = rows[from / 8 + entry],
              hidden = (lane >= filled && padWithNaN === 1) || (mask !== 0 && rows[mask / 8 + entry] === 0);
            panel[(out + s * outStep) / bytes + i * lanes + lane] = hidden ? NaN : value;
            if (!hidden && !Number.isFinite(value)) bad++;
          }
      return bad;
    },
    unpack(out, from, fromStep, steps, n, filled) {
      const panel = reals(),
        rows = workspace.f64;
      for (let lane = 0; lane < filled; lane++)
        for (let s = 0; s < steps; s++)
          for (let i = 0; i < n; i++)
            rows[out / 8 + (lane * steps + s) * n + i] = panel[(from + s * fromStep) / bytes + i * lanes + lane];
    },
    interleave(out, outStep, from, steps, n, filled) {
      const numbers = reals();
      let finite: 0 | 1 = 1;
      for (let lane = 0; lane < lanes; lane++)
        for (let s = 0; s < steps; s++)
          for (let i = 0; i < n; i++) {
            const value = lane < filled ? numbers[from / bytes + (lane * steps + s) * n + i] : 0;
            numbers[(out + s * outStep) / bytes + i * lanes + lane] = value;
            if (!Number.isFinite(value)) finite = 0;
          }
      return finite;
    },
    deinterleave(out, from, fromStep, steps, n, filled) {
      const numbers = reals();
      for (let lane = 0; lane < filled; lane++)
        for (let s = 0; s < steps; s++)
          for (let i = 0; i < n; i++)
            numbers[out / bytes + (lane * steps + s) * n + i] =
              numbers[(from + s * fromStep) / bytes + i * lanes + lane];
    },
  };
};
