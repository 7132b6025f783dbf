import { type Kernels, rowBytes } from "./kernel-set";
import type { ScanMemory, StageMemory } from "./scan-layout";
import type { ScanSetting } from "./scan-setting";
import type { staticScan } from "./static-scan";
import type { Leak, StepContext } from "./stepper";

/**
 * The recurrence of every connectivity, for integrators to use: the drive of a stage, and what takes gradients in it
 * back.
 */
export function stepContext(
  kernels: Kernels,
  { units, rank, inputs, perTrial }: ScanSetting,
  memory: ScanMemory,
  leak: Leak,
  staticPart: ReturnType<typeof staticScan>,
): StepContext {
  return {
    kernels,
    memory,
    units,
    inputs,
    ...leak,

    driveFrom(stage: StageMemory, t: number) {
      const { rates, sources, kappas } = stage,
        z = sources + t * memory.zStep;
      if (rank !== undefined) {
        const kappa = perTrial ? kappas + t * rank * rowBytes : z;
        kernels.product(kappa, memory.rightT, rates + t * memory.hStep, rank, units, 0);
        if (perTrial) kernels.multiply(z, memory.scales, kappa, rank);
      }
      kernels.product(memory.drive, memory.m, z, units, memory.zRows, 0);
      staticPart?.drive(stage, t);
    },

    pullBack(stage: StageMemory, t: number): number {
      const { kappas, dDrive, dSources } = stage,
        dz = dSources + t * memory.zStep;
      kernels.product(dz, memory.mT, dDrive + t * memory.unitStep, memory.zRows, units, 0);
      if (rank === undefined) return dz; // W' g is its first rows
      if (perTrial) {
        kernels.multiplyAdd(memory.dScales, dz, kappas + t * rank * rowBytes, rank);
        kernels.multiply(dz, dz, memory.scales, rank);
      }
      kernels.product(memory.dRates, memory.right, dz, units, rank, 0);
      staticPart?.pullBack(stage, t);
      return memory.dRates;
    },
  };
}
