import type { Kernels } from "./kernel-set";
import type { ScanMemory } from "./scan-layout";
import type { ScanSetting, ScanWeights } from "./scan-setting";

/**
 * `y = gain g * C h + d` (or of x) of every step, beside its adjoint; without a readout `y = gain g * h + d`, at the
 * cost of one product for each unit.
 */
export function readoutScan(
  kernels: Kernels,
  { units, outputs, steps, reads, gain = 1 }: ScanSetting,
  { readout, readoutGain, readoutBias, filterGain }: ScanWeights,
  memory: ScanMemory,
) {
  const read = reads === "rates" ? memory.rates : memory.states,
    readStep = reads === "rates" ? memory.hStep : memory.unitStep;
  return {
    /** y_{t+1} */
    forward(t: number): void {
      const y = memory.outputs + t * memory.outStep,
        seen = read + (t + 1) * readStep;
      if (readout) {
        if (readoutBias) kernels.workspace.bytes.copyWithin(y, memory.readoutBias, memory.readoutBias + memory.outStep);
        kernels.product(y, memory.readout, seen, outputs, units, readoutBias ? 1 : 0);
      } else if (readoutGain) {
        kernels.multiply(y, memory.readoutGain, seen, outputs);
        if (readoutBias) kernels.combine(y, 1, y, 1, memory.readoutBias, outputs);
      } else if (y !== seen) kernels.combine(y, gain, seen, 1, memory.readoutBias, outputs);
    },
    /** The gradient in what is read, from that in y_{t+1}. @returns its address */
    backward(t: number): number {
      const e = memory.dOutputs + t * memory.outStep;
      if (readout) kernels.product(memory.dRead, memory.readoutT, e, units, outputs, 0);
      else if (readoutGain) kernels.multiply(memory.dRead, memory.readoutGain, e, outputs);
      else if (gain !== 1) kernels.combine(memory.dRead, gain, e, 0, memory.zeroRows, outputs);
      else return e;
      return memory.dRead;
    },
    /** Adds the gradients in C, g and d over all steps of the panel. */
    accumulate(): void {
      const predicted = reads === "rates" ? memory.predictedRates : memory.predictedStates;
      if (filterGain)
        // but for the last, states were corrected after they were read
        kernels.workspace.bytes.copyWithin(
          predicted + steps * memory.unitStep,
          read + steps * readStep,
          read + steps * readStep + memory.unitStep,
        );
      const [seen, seenStep] = filterGain ? [predicted, memory.unitStep] : [read, readStep];
      if (readout)
        kernels.outer(
          memory.dReadout,
          memory.dOutputs,
          seen + seenStep,
          outputs,
          units,
          steps,
          memory.outStep,
          seenStep,
          memory.room,
        );
      else if (readoutGain) {
        kernels.workspace.bytes.fill(0, memory.dGains, memory.dGains + memory.outStep);
        for (let t = 0; t < steps; t++)
          kernels.multiplyAdd(memory.dGains, memory.dOutputs + t * memory.outStep, seen + (t + 1) * seenStep, outputs);
        kernels.laneSums(memory.dReadoutGain, memory.dGains, outputs, 1, memory.outStep);
      }
      if (readoutBias) kernels.laneSums(memory.dReadoutBias, memory.dOutputs, outputs, steps, memory.outStep);
    },
  };
}
