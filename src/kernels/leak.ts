import { activations } from "./activation-names";
import { isCustomActivation } from "./custom-activation";
import type { Kernels } from "./kernel-set";
import type { ScanMemory, StageMemory } from "./scan-layout";
import type { ScanSetting } from "./scan-setting";
import type { Leak } from "./stepper";

/** The leak of a scan, over its memory. */
export function leakOf(
  kernels: Kernels,
  { units, alpha, phi: named, reads }: Pick<ScanSetting, "units" | "alpha" | "phi" | "reads">,
  memory: ScanMemory,
): Leak {
  const custom = isCustomActivation(named),
    phi = custom ? named : activations.indexOf(named),
    readsRates = reads === "rates" ? 1 : 0,
    { workspace } = kernels;
  const shared = {
    activate: (h: number, x: number) => kernels.activate(h, x, units, phi),
    lambda: (dRates: number, inner: number) =>
      kernels.adjointStep(memory.scratch, memory.carry, dRates, memory.zeroRows, inner, units, 0, 1, phi),
    pull(out: number, dRates: number, inner: number) {
      workspace.bytes.fill(0, out, out + memory.unitStep);
      kernels.adjointStep(memory.drive, out, dRates, memory.zeroRows, inner, units, 0, 1, phi);
    },
    innerOf: (stage: StageMemory, t: number) =>
      custom ? stage.states + t * stage.stateStep : stage.rates + t * memory.hStep,
  };
  if (typeof alpha === "number")
    return {
      ...shared,
      advance: (xNext, hNext, x, share) => kernels.advance(xNext, hNext, x, memory.drive, units, share * alpha, phi),
      add: (out, x, share, y) => kernels.combine(out, 1, x, share * alpha, y, units),
      adjoint: (g, dRates, dRead, inner, share) =>
        kernels.adjointStep(g, memory.carry, dRates, dRead, inner, units, share * alpha, readsRates, phi),
    };
  const { alphas, leaked } = memory;
  return {
    ...shared,
    advance(xNext, hNext, x, share) {
      kernels.combine(leaked, 1, memory.drive, -1, x, units);
      kernels.multiply(leaked, alphas, leaked, units);
      kernels.combine(xNext, 1, x, share, leaked, units);
      kernels.activate(hNext, xNext, units, phi);
    },
    add(out, x, share, y) {
      kernels.multiply(leaked, alphas, y, units);
      kernels.combine(out, 1, x, share, leaked, units);
    },
    adjoint(g, dRates, dRead, inner, share) {
      kernels.adjointStep(leaked, memory.carry, dRates, dRead, inner, units, 0, readsRates, phi); // carry = lambda
      kernels.multiply(leaked, alphas, memory.carry, units);
      kernels.combine(g, share, leaked, 0, memory.zeroRows, units);
      kernels.combine(memory.carry, 1, memory.carry, -1, g, units);
    },
  };
}
