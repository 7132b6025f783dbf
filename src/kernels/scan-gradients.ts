import { gained } from "./gained";
import type { Kernels } from "./kernel-set";
import type { ScanMemory } from "./scan-layout";
import type { ScanGradients, ScanSetting, ScanWeights } from "./scan-setting";

/** Copies of the gradients that a scan has summed: the columns of dM are those of left, W_in and b. */
export function scanGradients(
  { workspace }: Kernels,
  { units, rank, inputs, outputs, gain = 1 }: ScanSetting,
  { static: w0, filterGain, readout, readoutGain }: ScanWeights,
  memory: ScanMemory,
): ScanGradients {
  const sums = workspace.f64;
  const columns = (from: number, stride: number, first: number, count: number) => {
    const out = new Float64Array(units * count);
    for (let i = 0; i < units; i++)
      for (let j = 0; j < count; j++) out[i * count + j] = sums[from / 8 + i * stride + first + j];
    return out;
  };
  const matrix = (from: number, rows: number, count: number) => sums.slice(from / 8, from / 8 + rows * count);
  const perRow = matrix(memory.dReadout, outputs, units); // in g_i C_ij
  const ofGains = () => {
    if (!readoutGain) return new Float64Array(0);
    if (!readout) return matrix(memory.dReadoutGain, outputs, 1).map((d) => gain * d);
    return readoutGain.map((_, i) => {
      let sum = 0;
      for (let j = i * units; j < (i + 1) * units; j++) sum += readout[j] * perRow[j];
      return gain * sum;
    });
  };
  return {
    left: columns(memory.dM, memory.zRows, 0, memory.sourceRows),
    wIn: columns(memory.dM, memory.zRows, memory.sourceRows, inputs),
    bias: columns(memory.dM, memory.zRows, memory.sourceRows + inputs, 1),
    right: columns(memory.dRight, rank ?? 0, 0, rank ?? 0),
    static: w0 ? matrix(memory.dStatic, units, units) : new Float64Array(0),
    filterGain: filterGain ? matrix(memory.dFilterGain, units, outputs) : new Float64Array(0),
    readout: gained(perRow, units, gain, readoutGain),
    readoutGain: ofGains(),
    readoutBias: sums.slice(memory.dReadoutBias / 8, memory.dReadoutBias / 8 + outputs),
  };
}
