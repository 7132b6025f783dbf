import type { Stepper } from "./stepper";

/**
 * `x_{t+1} = x_t + alpha f(x_t)` with `f(x) = -x + W phi(x) + W_in u_t + b`, and its adjoint
 * `lambda_t = lambda_{t+1} - g + phi' * W' g`, `g = alpha lambda_{t+1}`.
 */
export const euler: Stepper = {
  stages: 1,
  activates: true,
  forward({ kernels, memory, units, alpha, phi, driveFrom }, t) {
    const x = memory.states + t * memory.unitStep;
    driveFrom(memory, t);
    kernels.advance(x + memory.unitStep, memory.rates + (t + 1) * memory.hStep, x, memory.drive, units, alpha, phi);
  },
  backward({ kernels, memory, units, alpha, phi, readsRates, pullBack }, t, dRates, dRead) {
    const g = memory.gains + t * memory.unitStep,
      h = memory.rates + (t + 1) * memory.hStep;
    kernels.adjointStep(g, memory.carry, dRates, dRead, h, units, alpha, readsRates, phi);
    return pullBack(memory, t);
  },
};
