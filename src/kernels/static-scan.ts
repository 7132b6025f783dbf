import type { Kernels } from "./kernel-set";
import type { ScanMemory, StageMemory } from "./scan-layout";
import type { ScanSetting, ScanWeights } from "./scan-setting";

/** The static part W_0 (units × units) beside low-rank weights: `drive += W_0 h` of every stage, and its adjoint. */
export function staticScan(
  kernels: Kernels,
  { units, steps }: ScanSetting,
  { static: w0 }: ScanWeights,
  memory: ScanMemory,
) {
  if (!w0) return undefined;
  return {
    /** adds to memory.drive */
    drive({ rates }: StageMemory, t: number): void {
      kernels.product(memory.drive, memory.static, rates + t * memory.hStep, units, units, 1);
    },
    /** adds W_0' g to memory.dRates */
    pullBack({ dDrive }: StageMemory, t: number): void {
      kernels.product(memory.dRates, memory.staticT, dDrive + t * memory.unitStep, units, units, 1);
    },
    /** adds the gradient in W_0 over all steps of the panel */
    accumulate({ dDrive, rates }: StageMemory): void {
      kernels.outer(memory.dStatic, dDrive, rates, units, units, steps, memory.unitStep, memory.hStep, memory.room);
    },
  };
}
