import { isCustomActivation } from "./custom-activation";
import type { Kernels } from "./kernel-set";
import type { ScanMemory } from "./scan-layout";
import type { ScanSetting, ScanWeights } from "./scan-setting";
import type { Leak } from "./stepper";

/**
 * The network as a filter: after the outputs `y_t` of the predicted state, the state is corrected by what was observed,
 * `x_t <- x_t + G (observed_t - y_t)`, and drives the next step; entries that were not observed correct nothing. The
 * predicted rates and states, which the outputs were read from, are kept for the adjoint. Of observed counts, what they
 * say beyond the expected ones stands in place of `observed_t - y_t`, and its slope in y_t in place of -1.
 *
 * The adjoint at t: with lambda the gradient in the corrected state, that in the outputs is less `G' lambda`, and that
 * in G is `lambda (observed_t - y_t)'`.
 *
 * @see Ljung (1999), System Identification, section 4.3: the innovations form
 */
export function filterScan(
  kernels: Kernels,
  { units, outputs, steps, phi, innovation: ofCounts }: ScanSetting,
  { filterGain }: ScanWeights,
  memory: ScanMemory,
  leak: Leak,
) {
  if (!filterGain) return undefined;
  const { workspace } = kernels,
    predicted = isCustomActivation(phi) ? memory.predictedStates : memory.predictedRates; // phi' is computed from these
  /** The innovation at y_{t+1}, 0 where nothing was observed. */
  const innovation = (t: number) => memory.innovations + t * memory.outStep;
  const slopes = (t: number) => memory.innovationSlopes + t * memory.outStep;
  return {
    /** corrects x_{t+1} and its rates; the last state has no successor to correct it for */
    correct(t: number): void {
      if (t === steps - 1) return;
      const x = memory.states + (t + 1) * memory.unitStep,
        h = memory.rates + (t + 1) * memory.hStep,
        y = memory.outputs + t * memory.outStep;
      workspace.bytes.copyWithin(memory.predictedStates + (t + 1) * memory.unitStep, x, x + memory.unitStep);
      workspace.bytes.copyWithin(memory.predictedRates + (t + 1) * memory.unitStep, h, h + memory.unitStep);
      const observed = memory.observed + t * memory.outStep,
        mask = memory.observedMask + t * memory.outStep;
      if (ofCounts) {
        const { kind, link, binWidth } = ofCounts;
        kernels.countInnovation(innovation(t), slopes(t), y, observed, mask, outputs, binWidth, link, kind);
      } else {
        kernels.combine(innovation(t), 1, observed, -1, y, outputs);
        kernels.multiply(innovation(t), innovation(t), mask, outputs);
      }
      kernels.product(x, memory.filterGain, innovation(t), units, outputs, 1);
      leak.activate(h, x);
    },
    /** memory.carry from lambda of the corrected x_{t+1} to that of the predicted one, without the outputs' part */
    adjoint(t: number, dRates: number): void {
      const lambda = memory.corrections + (t + 1) * memory.unitStep,
        dOutputs = memory.dOutputs + t * memory.outStep;
      leak.lambda(dRates, leak.innerOf(memory, t + 1));
      workspace.bytes.copyWithin(lambda, memory.carry, memory.carry + memory.unitStep);
      kernels.product(memory.dInnovation, memory.filterGainT, lambda, outputs, units, 0);
      if (ofCounts) {
        kernels.multiplyAdd(dOutputs, memory.dInnovation, slopes(t), outputs);
        return;
      }
      kernels.multiply(memory.dInnovation, memory.dInnovation, memory.observedMask + t * memory.outStep, outputs);
      kernels.combine(dOutputs, 1, dOutputs, -1, memory.dInnovation, outputs);
    },
    /** adds the outputs' part, from the gradient in what they read: memory.carry is lambda of the predicted x_{t+1} */
    read(t: number, dRead: number): void {
      leak.adjoint(memory.scratch, memory.zeroRows, dRead, predicted + (t + 1) * memory.unitStep, 0);
    },
    /** adds the gradient in G over all steps of the panel */
    accumulate(): void {
      const { outStep, unitStep, room } = memory;
      if (steps > 1)
        kernels.outer(
          memory.dFilterGain,
          memory.corrections + unitStep,
          memory.innovations,
          units,
          outputs,
          steps - 1,
          unitStep,
          outStep,
          room,
        );
    },
  };
}
