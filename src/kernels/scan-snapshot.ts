import { isCustomActivation } from "./custom-activation";
import { type Kernels, rowBytes } from "./kernel-set";
import type { ScanMemory, StageMemory } from "./scan-layout";
import type { ScanSetting, ScanWeights } from "./scan-setting";

/** An address in the workspace and a number of bytes from there on. */
type Part = readonly [address: number, size: number];

/**
 * Copies what the backward pass of a panel reads of its forward pass out of the scan's memory, and back into it: for a
 * gradient that is asked for after other panels have run.
 */
export function scanSnapshot(
  { workspace }: Kernels,
  { units, rank, steps, reads, perTrial, plant, phi, innovation }: ScanSetting,
  { filterGain }: ScanWeights,
  memory: ScanMemory,
) {
  const partsOf = ({ rates, sources, kappas }: StageMemory, rows: number) => {
    const parts: Part[] = [[rates, rows * memory.hStep]];
    if (rank !== undefined) parts.push([sources, steps * memory.zStep]);
    if (rank !== undefined && perTrial) parts.push([kappas, steps * rank * rowBytes]);
    return parts;
  };
  const parts = partsOf(memory, steps + 1);
  const custom = isCustomActivation(phi);
  for (const stage of memory.later) {
    parts.push(...partsOf(stage, steps));
    if (custom) parts.push([stage.states, steps * memory.unitStep]);
  }
  if (reads === "states" || custom) parts.push([memory.states, (steps + 1) * units * rowBytes]);
  if (plant) parts.push([memory.plantStates, (steps + 1) * memory.plantStep], [memory.outputs, steps * memory.outStep]);
  if (filterGain)
    parts.push(
      [memory.predictedStates, (steps + 1) * units * rowBytes],
      [memory.predictedRates, (steps + 1) * units * rowBytes],
      [memory.innovations, steps * memory.outStep],
      [memory.observedMask, steps * memory.outStep],
    );
  if (filterGain && innovation) parts.push([memory.innovationSlopes, steps * memory.outStep]);
  return {
    /** @param old - buffers of an earlier snapshot, used again where they have the size */
    keep: (old: readonly Uint8Array[] = []): Uint8Array[] =>
      parts.map(([address, size], i) => {
        const copy = old[i]?.length === size ? old[i] : new Uint8Array(size);
        copy.set(workspace.bytes.subarray(address, address + size));
        return copy;
      }),
    recall: (kept: readonly Uint8Array[]): void => {
      for (const [i, [address]] of parts.entries()) workspace.bytes.set(kept[i], address);
    },
  };
}
