import type { Kernels } from "./kernel-set";
import type { ScanMemory } from "./scan-memory";
import type { ScanSetting } from "./scan-setting";

/** What the backward pass of a panel reads of its forward pass, copied out of the scan's memory and in again: for a gradient that is asked for later. */
export function scanSnapshot(
  { workspace }: Kernels,
  { units, rank, steps, reads, perTrial, plant }: ScanSetting,
  at: ScanMemory,
) {
  const low = rank !== undefined,
    slopes = (from: Pick<ScanMemory, "rates" | "sources" | "kappas">, count: number): [at: number, size: number][] => [
      [from.rates, count * at.hStep],
      ...(low ? [[from.sources, steps * at.zStep] as [number, number]] : []),
      ...(low && perTrial ? [[from.kappas, steps * rank * 64] as [number, number]] : []),
    ];
  const parts: [at: number, size: number][] = [
    ...slopes(at, steps + 1),
    ...(at.second ? slopes(at.second, steps) : []),
    ...(reads === "states" ? [[at.states, (steps + 1) * units * 64] as [number, number]] : []),
    ...(plant
      ? [
          [at.plantStates, (steps + 1) * at.bodyStep] as [number, number],
          [at.outputs, steps * at.outStep] as [number, number],
        ]
      : []),
  ];
  return {
    /** into buffers of an earlier snapshot, where they fit */
    keep: (old: readonly Uint8Array[] = []): Uint8Array[] =>
      parts.map(([from, size], i) => {
        const part = workspace.bytes.subarray(from, from + size),
          into = old[i]?.length === size ? old[i] : new Uint8Array(size);
        into.set(part);
        return into;
      }),
    recall: (kept: readonly Uint8Array[]) => parts.forEach(([to], i) => workspace.bytes.set(kept[i], to)),
  };
}
