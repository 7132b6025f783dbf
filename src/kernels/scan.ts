import { activations } from "./activation";
import type { Kernels } from "./kernel-set";
import { plantScan } from "./plant-scan";
import type { ScanMemory } from "./scan-memory";
import type { ScanSetting, ScanWeights } from "./scan-setting";

/**
 * The scan over time of one panel and its adjoint, side by side, over the memory that {@link scanMemory} laid out.
 *
 * `forward` fills states, rates and outputs: with `f(x) = -x + W phi(x) + W_in u_t + b`,
 * Euler `x_{t+1} = x_t + alpha f(x_t)`, Heun `p = x_t + alpha f(x_t)`, `x_{t+1} = x_t + alpha/2 (f(x_t) + f(p))`,
 * plus noise_t; `y_t = C h_t + d` (or `C x_t + d`), `s_{t+1} = plant(s_t, y_{t+1})`.
 *
 * `backward` reads dOutputs and dPlantStates, and adds to the gradients. With `J' g = -g + phi' * W' g`,
 * Euler `lambda_t = lambda_{t+1} + J(x_t)' g`, `g = alpha lambda_{t+1}`;
 * Heun `g2 = alpha/2 lambda_{t+1}`, `dp = J(p)' g2`, `g1 = g2 + alpha dp`, `lambda_t = lambda_{t+1} + dp + J(x_t)' g1`;
 * to each the readout's `phi' * C' e_t` is added, with `C' e_t` outside phi' where states are read.
 */
export function scan(kernels: Kernels, setting: ScanSetting, weights: ScanWeights, memory: ScanMemory) {
  const { units, rank, inputs, outputs, steps, alpha, plant, noisy, perTrial } = setting,
    { workspace } = kernels;
  const phi = activations.indexOf(setting.phi),
    readsRates = setting.reads === "rates" ? 1 : 0,
    low = rank !== undefined;
  const { hStep, zStep, unitStep, outStep, second } = memory;
  const body = plant ? plantScan(plant, kernels, setting, memory) : undefined;
  const read = readsRates ? memory.rates : memory.states,
    readStep = readsRates ? hStep : unitStep;
  const slopes = {
    rates: memory.rates,
    sources: memory.sources,
    kappas: memory.kappas,
    gains: memory.gains,
    dSources: memory.dSources,
  };

  /** drive = M z_t, once the rates of step t have made the source, the first rows of z_t. */
  const driveFrom = ({ rates, sources, kappas }: typeof slopes, t: number) => {
    const z = sources + t * zStep;
    if (low) {
      const kappa = perTrial ? kappas + t * rank * 64 : z;
      kernels.product(kappa, memory.rightT, rates + t * hStep, rank, units, 0);
      if (perTrial) kernels.multiply(z, memory.scales, kappa, rank);
    }
    kernels.product(memory.drive, memory.m, z, units, memory.width, 0);
  };

  /** dRates = W' g, and the gradients in sources and inputs on the way. @returns the address of dRates */
  const pullBack = ({ kappas, gains, dSources }: typeof slopes, t: number): number => {
    const dz = dSources + t * zStep;
    kernels.product(dz, memory.mT, gains + t * unitStep, memory.width, units, 0);
    if (!low) return dz;
    if (perTrial) {
      kernels.multiplyAdd(memory.dScales, dz, kappas + t * rank * 64, rank);
      kernels.multiply(dz, dz, memory.scales, rank);
    }
    kernels.product(memory.dRates, memory.right, dz, units, rank, 0);
    return memory.dRates;
  };

  const forward = () => {
    kernels.activate(memory.rates, memory.states, units, phi);
    body?.init();
    for (let t = 0; t < steps; t++) {
      const x = memory.states + t * unitStep,
        next = x + unitStep,
        h = memory.rates + (t + 1) * hStep;
      body?.feedBack(t);
      driveFrom(slopes, t);
      if (second) {
        const z = memory.sources + t * zStep + memory.source * 64;
        workspace.bytes.copyWithin(second.sources + t * zStep + memory.source * 64, z, z + inputs * 64);
        kernels.advance(memory.scratch, second.rates + t * hStep, x, memory.drive, units, alpha, phi); // p and phi(p)
        kernels.combine(next, 1, x, alpha / 2, memory.drive, units);
        kernels.combine(next, 1, next, -alpha / 2, x, units);
        kernels.combine(next, 1, next, -alpha / 2, memory.scratch, units);
        driveFrom({ ...slopes, ...second }, t);
        kernels.combine(next, 1, next, alpha / 2, memory.drive, units);
      } else kernels.advance(next, h, x, memory.drive, units, alpha, phi);
      if (noisy) kernels.combine(next, 1, next, 1, memory.noise + t * unitStep, units);
      if (noisy || second) kernels.activate(h, next, units, phi);
      const y = memory.outputs + t * outStep,
        seen = read + (t + 1) * readStep;
      if (weights.readout) {
        if (weights.readoutBias) workspace.bytes.copyWithin(y, memory.readoutBias, memory.readoutBias + outStep);
        kernels.product(y, memory.readout, seen, outputs, units, weights.readoutBias ? 1 : 0);
      } else if (y !== seen) kernels.combine(y, 1, seen, 1, memory.readoutBias, outputs);
      body?.move(t);
    }
  };

  const backward = () => {
    workspace.bytes.fill(0, memory.carry, memory.carry + unitStep);
    workspace.bytes.fill(0, memory.dScales, memory.dScales + memory.source * 64);
    let dRates = memory.zeroRows; // dL/dh_t through later states
    body?.start();
    for (let t = steps - 1; t >= 0; t--) {
      const e = memory.dOutputs + t * outStep,
        g = memory.gains + t * unitStep,
        h = memory.rates + (t + 1) * hStep;
      body?.moveAdjoint(t);
      const dRead = weights.readout ? memory.dRead : e;
      if (weights.readout) kernels.product(dRead, memory.readoutT, e, units, outputs, 0);
      if (second) {
        const g2 = second.gains + t * unitStep;
        // carry = lambda - g2
        kernels.adjointStep(g2, memory.carry, dRates, dRead, h, units, alpha / 2, readsRates, phi);
        const dHp = pullBack({ ...slopes, ...second }, t);
        workspace.bytes.fill(0, memory.scratch, memory.scratch + unitStep);
        const hp = second.rates + t * hStep;
        // scratch = phi' dHp
        kernels.adjointStep(memory.drive, memory.scratch, dHp, memory.zeroRows, hp, units, 0, 1, phi);
        kernels.combine(memory.scratch, 1, memory.scratch, -1, g2, units); // dp
        kernels.combine(g, 1, g2, alpha, memory.scratch, units); // g1
        kernels.combine(memory.carry, 1, memory.carry, 1, memory.scratch, units); // lambda - g2 + dp
        kernels.combine(memory.carry, 1, memory.carry, -alpha, memory.scratch, units); // lambda + dp - g1
        dRates = pullBack(slopes, t);
        const u = memory.dSources + t * zStep + memory.source * 64;
        kernels.combine(u, 1, u, 1, second.dSources + t * zStep + memory.source * 64, inputs);
      } else {
        kernels.adjointStep(g, memory.carry, dRates, dRead, h, units, alpha, readsRates, phi);
        dRates = pullBack(slopes, t);
      }
      body?.feedBackAdjoint(t);
    }
    // carry = lambda_0
    kernels.adjointStep(memory.scratch, memory.carry, dRates, memory.zeroRows, memory.rates, units, 0, 1, phi);
    for (const { gains, sources, rates, dSources } of second ? [slopes, second] : [slopes]) {
      kernels.outer(memory.dM, gains, sources, units, memory.width, steps, unitStep, zStep, memory.room);
      if (low) kernels.outer(memory.dRight, rates, dSources, units, rank, steps, hStep, zStep, memory.room);
    }
    if (weights.readout)
      kernels.outer(
        memory.dReadout,
        memory.dOutputs,
        read + readStep,
        outputs,
        units,
        steps,
        outStep,
        readStep,
        memory.room,
      );
    if (weights.readoutBias) kernels.laneSums(memory.dReadoutBias, memory.dOutputs, outputs, steps, outStep);
  };
  return { forward, backward };
}
