import type { Kernels } from "./kernel-set";
import type { ScanMemory } from "./scan-layout";
import type { ScanSetting, ScanWeights } from "./scan-setting";

/** `y = gain C h + d` (or of x) of every step, beside its adjoint; without a readout `y = gain h + d`. */
export function readoutScan(
  kernels: Kernels,
  { units, outputs, steps, reads, gain = 1 }: ScanSetting,
  { readout, readoutBias, filterGain }: ScanWeights,
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
      } else if (y !== seen) kernels.combine(y, gain, seen, 1, memory.readoutBias, outputs);
    },
    /** The gradient in what is read, from that in y_{t+1}. @returns its address */
    backward(t: number): number {
      const e = memory.dOutputs + t * memory.outStep;
      if (readout) kernels.product(memory.dRead, memory.readoutT, e, units, outputs, 0);
      else if (gain !== 1) kernels.combine(memory.dRead, gain, e, 0, memory.zeroRows, outputs);
      else return e;
      return memory.dRead;
    },
    /** Adds the gradients in C and d over all steps of the panel. */
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
      if (readoutBias) kernels.laneSums(memory.dReadoutBias, memory.dOutputs, outputs, steps, memory.outStep);
    },
  };
}
