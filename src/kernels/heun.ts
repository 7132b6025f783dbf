import type { Stepper } from "./stepper";

/**
 * `p = x_t + alpha f(x_t)`, `x_{t+1} = x_t + alpha/2 (f(x_t) + f(p))`, and its adjoint: with `J' g = -g + phi' * W' g`,
 * `g2 = alpha/2 lambda_{t+1}`, `dp = J(p)' g2`, `g1 = g2 + alpha dp`, `lambda_t = lambda_{t+1} + dp + J(x_t)' g1`.
 */
export const heun: Stepper = {
  stages: 2,
  activates: false,
  forward({ kernels, memory, units, inputs, alpha, phi, driveFrom }, t) {
    const [second] = memory.later,
      x = memory.states + t * memory.unitStep,
      next = x + memory.unitStep,
      u = memory.sources + t * memory.zStep + memory.source * 64;
    driveFrom(memory, t);
    kernels.workspace.bytes.copyWithin(second.sources + t * memory.zStep + memory.source * 64, u, u + inputs * 64);
    const predictedRates = second.rates + t * memory.hStep;
    kernels.advance(memory.scratch, predictedRates, x, memory.drive, units, alpha, phi); // p and phi(p)
    kernels.combine(next, 1, x, alpha / 2, memory.drive, units);
    kernels.combine(next, 1, next, -alpha / 2, x, units);
    kernels.combine(next, 1, next, -alpha / 2, memory.scratch, units);
    driveFrom(second, t);
    kernels.combine(next, 1, next, alpha / 2, memory.drive, units);
  },
  backward({ kernels, memory, units, inputs, alpha, phi, readsRates, pullBack }, t, dRates, dRead) {
    const [second] = memory.later,
      g1 = memory.gains + t * memory.unitStep,
      g2 = second.gains + t * memory.unitStep,
      h = memory.rates + (t + 1) * memory.hStep;
    kernels.adjointStep(g2, memory.carry, dRates, dRead, h, units, alpha / 2, readsRates, phi); // carry = lambda - g2
    const dHp = pullBack(second, t);
    kernels.workspace.bytes.fill(0, memory.scratch, memory.scratch + memory.unitStep);
    const predictedRates = second.rates + t * memory.hStep;
    // scratch = phi' dHp
    kernels.adjointStep(memory.drive, memory.scratch, dHp, memory.zeroRows, predictedRates, units, 0, 1, phi);
    kernels.combine(memory.scratch, 1, memory.scratch, -1, g2, units); // dp
    kernels.combine(g1, 1, g2, alpha, memory.scratch, units);
    kernels.combine(memory.carry, 1, memory.carry, 1, memory.scratch, units); // lambda - g2 + dp
    kernels.combine(memory.carry, 1, memory.carry, -alpha, memory.scratch, units); // lambda + dp - g1
    const dRatesBefore = pullBack(memory, t),
      du = memory.dSources + t * memory.zStep + memory.source * 64;
    kernels.combine(du, 1, du, 1, second.dSources + t * memory.zStep + memory.source * 64, inputs);
    return dRatesBefore;
  },
};
