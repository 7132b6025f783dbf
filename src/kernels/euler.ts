import type { Stepper } from "./stepper";

/**
 * `x_{t+1} = x_t + alpha f(x_t)` with `f(x) = -x + W phi(x) + W_in u_t + b`, and its adjoint
 * `lambda_t = lambda_{t+1} - g + phi' * W' g`, `g = alpha lambda_{t+1}`.
 *
 * `backward(t)`: `lambda_{t+1} = carry + phi' * (dRates + dRead)`, g, `carry = lambda_{t+1} - g`. It returns W' g,
 * which the call at t - 1 puts through phi'.
 */
export const euler: Stepper = {
  stages: 1,
  activates: true,
  forward({ memory, driveFrom, advance }, t) {
    const x = memory.states + t * memory.unitStep;
    driveFrom(memory, t);
    advance(x + memory.unitStep, memory.rates + (t + 1) * memory.hStep, x, 1);
  },
  backward({ memory, adjoint, innerOf, pullBack }, t, dRates, dRead) {
    adjoint(memory.dDrive + t * memory.unitStep, dRates, dRead, innerOf(memory, t + 1), 1);
    return pullBack(memory, t);
  },
};
