import type { CustomActivation } from "./custom-activation";
import { rowBytes } from "./kernel-set";
import type { Workspace } from "./workspace";

/**
 * The operations of a step with a custom activation. The derivative is taken from the state, so `adjointStep` reads
 * states in the place of rates. A custom function may run kernels itself, so views of the memory are taken anew.
 */
export function customSteps(workspace: Workspace, bytes: number) {
  const lanes = rowBytes / bytes,
    reals = () => (bytes === 4 ? workspace.f32 : workspace.f64);
  return {
    activate(h: number, x: number, rows: number, { value }: CustomActivation): void {
      for (let i = 0; i < rows * lanes; i++) {
        const rate = value(reals()[x / bytes + i]);
        reals()[h / bytes + i] = rate;
      }
    },
    advance(
      xNext: number,
      hNext: number,
      x: number,
      drive: number,
      rows: number,
      alpha: number,
      phi: CustomActivation,
    ): void {
      const m = reals();
      for (let i = 0; i < rows * lanes; i++) {
        const now = m[x / bytes + i];
        m[xNext / bytes + i] = now + alpha * (m[drive / bytes + i] - now);
      }
      this.activate(hNext, xNext, rows, phi);
    },
    adjointStep(
      g: number,
      carry: number,
      dRates: number,
      dRead: number,
      x: number,
      rows: number,
      alpha: number,
      readsRates: 0 | 1,
      { derivative }: CustomActivation,
    ): void {
      for (let i = 0; i < rows * lanes; i++) {
        const slope = derivative(reals()[x / bytes + i]),
          m = reals(),
          read = m[dRead / bytes + i],
          d = readsRates ? m[dRates / bytes + i] + read : m[dRates / bytes + i],
          inner = m[carry / bytes + i] + d * slope,
          lambda = readsRates ? inner : inner + read;
        m[g / bytes + i] = alpha * lambda;
        m[carry / bytes + i] = lambda - alpha * lambda;
      }
    },
  };
}
