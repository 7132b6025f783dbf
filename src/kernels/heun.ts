import { rowBytes } from "./kernel-set";
import type { Stepper } from "./stepper";

/**
 * `p = x_t + alpha f(x_t)`, `x_{t+1} = x_t + alpha/2 (f(x_t) + f(p))`, and its adjoint: with `J' g = -g + phi' * W' g`,
 * `g2 = alpha/2 lambda_{t+1}`, `dp = J(p)' g2`, `g1 = g2 + alpha dp`, `lambda_t = lambda_{t+1} + dp + J(x_t)' g1`.
 */
export const heun: Stepper = {
  stages: 2,
  activates: false,
  forward({ kernels, memory, inputs, driveFrom, advance, add }, t) {
    const [second] = memory.later,
      x = memory.states + t * memory.unitStep,
      p = second.states + t * second.stateStep,
      next = x + memory.unitStep,
      u = memory.sources + t * memory.zStep + memory.sourceRows * rowBytes;
    driveFrom(memory, t);
    kernels.workspace.bytes.copyWithin(
      second.sources + t * memory.zStep + memory.sourceRows * rowBytes,
      u,
      u + inputs * rowBytes,
    );
    advance(p, second.rates + t * memory.hStep, x, 1); // p and phi(p)
    add(next, x, 1 / 2, memory.drive);
    add(next, next, -1 / 2, x);
    add(next, next, -1 / 2, p);
    driveFrom(second, t);
    add(next, next, 1 / 2, memory.drive);
  },
  backward({ kernels, memory, units, inputs, add, adjoint, pull, innerOf, pullBack }, t, dRates, dRead) {
    const [second] = memory.later,
      g1 = memory.dDrive + t * memory.unitStep,
      g2 = second.dDrive + t * memory.unitStep,
      dp = memory.scratch;
    adjoint(g2, dRates, dRead, innerOf(memory, t + 1), 1 / 2); // carry = lambda - g2
    const dHp = pullBack(second, t);
    pull(dp, dHp, innerOf(second, t));
    kernels.combine(dp, 1, dp, -1, g2, units);
    add(g1, g2, 1, dp);
    kernels.combine(memory.carry, 1, memory.carry, 1, dp, units); // lambda - g2 + dp
    add(memory.carry, memory.carry, -1, dp); // lambda + dp - g1
    const dRatesBefore = pullBack(memory, t),
      du = memory.dSources + t * memory.zStep + memory.sourceRows * rowBytes;
    kernels.combine(du, 1, du, 1, second.dSources + t * memory.zStep + memory.sourceRows * rowBytes, inputs);
    return dRatesBefore;
  },
};
