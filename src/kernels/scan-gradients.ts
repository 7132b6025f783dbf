import type { Kernels } from "./kernel-set";
import type { ScanMemory } from "./scan-memory";
import type { ScanGradients, ScanSetting } from "./scan-setting";

/** The gradients that a scan has summed, out of its memory: dM taken apart into the gradients of left, W_in and b. */
export function scanGradients(
  { workspace }: Kernels,
  { units, rank, inputs, outputs }: ScanSetting,
  at: ScanMemory,
): ScanGradients {
  const sums = workspace.f64;
  const columns = (from: number, stride: number, first: number, count: number) => {
    const out = new Float64Array(units * count);
    for (let i = 0, to = 0; i < units; i++)
      for (let j = 0; j < count; j++, to++) out[to] = sums[from / 8 + i * stride + first + j];
    return out;
  };
  return {
    left: columns(at.dM, at.width, 0, at.source),
    wIn: columns(at.dM, at.width, at.source, inputs),
    bias: columns(at.dM, at.width, at.source + inputs, 1),
    right: columns(at.dRight, rank ?? 0, 0, rank ?? 0),
    readout: sums.slice(at.dReadout / 8, at.dReadout / 8 + outputs * units),
    readoutBias: sums.slice(at.dReadoutBias / 8, at.dReadoutBias / 8 + outputs),
  };
}
