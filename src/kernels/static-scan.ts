import type { Kernels } from "./kernel-set";
import type { ScanMemory, StageMemory } from "./scan-layout";
import type { ScanSetting, ScanWeights } from "./scan-setting";

/** The static part W_0 (units × units) beside low-rank weights: `drive += W_0 h` of every stage, and its adjoint. */
export function staticScan(
  kernels: Kernels,
  { units, steps }: ScanSetting,
  { fixed }: ScanWeights,
  memory: ScanMemory,
) {
  if (!fixed) return undefined;
  return {
    /** adds to memory.drive */
    drive({ rates }: StageMemory, t: number): void {
      kernels.product(memory.drive, memory.fixed, rates + t * memory.hStep, units, units, 1);
    },
    /** adds W_0' g to memory.dRates */
    pullBack({ gains }: StageMemory, t: number): void {
      kernels.product(memory.dRates, memory.fixedT, gains + t * memory.unitStep, units, units, 1);
    },
    /** adds the gradient in W_0 over all steps of the panel */
    accumulate({ gains, rates }: StageMemory): void {
      kernels.outer(memory.dFixed, gains, rates, units, units, steps, memory.unitStep, memory.hStep, memory.room);
    },
  };
}
