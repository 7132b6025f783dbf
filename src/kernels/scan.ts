import { activations } from "./activation";
import type { Kernels } from "./kernel-set";
import { plantScan } from "./plant-scan";
import type { ScanMemory } from "./scan-memory";
import type { ScanSetting, ScanWeights } from "./scan-setting";

/**
 * The scan over time of one panel and its adjoint, side by side, over the memory that {@link scanMemory} laid out.
 *
 * `forward` fills states, rates and outputs: with `f(x) = -x + W phi(x) + W_in u_t + b`,
 * Euler `x_{t+1} = x_t + alpha f(x_t)`, Heun `p = x_t + alpha f(x_t)`, `x_{t+1} = x_t + alpha/2 (f(x_t) + f(p))`, plus noise_t;
 * `y_t = C h_t + d` (or `C x_t + d`), `s_{t+1} = plant(s_t, y_{t+1})`.
 *
 * `backward` wants dOutputs and dPlantStates, and adds to the gradients. With `J' g = -g + phi' * W' g`,
 * Euler `lambda_t = lambda_{t+1} + J(x_t)' g`, `g = alpha lambda_{t+1}`;
 * Heun `g2 = alpha/2 lambda_{t+1}`, `dp = J(p)' g2`, `g1 = g2 + alpha dp`, `lambda_t = lambda_{t+1} + dp + J(x_t)' g1`;
 * to each the readout's `phi' * C' e_t` is added, with `C' e_t` outside phi' where states are read.
 */
export function scan(kernels: Kernels, setting: ScanSetting, weights: ScanWeights, at: ScanMemory) {
  const { units, rank, inputs, outputs, steps, alpha, plant, noisy, perTrial } = setting,
    { workspace } = kernels;
  const phi = activations.indexOf(setting.phi),
    readsRates = setting.reads === "rates" ? 1 : 0,
    low = rank !== undefined;
  const { hStep, zStep, unitStep, outStep, second } = at;
  const body = plant ? plantScan(plant, kernels, setting, at) : undefined;
  const read = readsRates ? at.rates : at.states,
    readStep = readsRates ? hStep : unitStep;
  const slopes = { rates: at.rates, sources: at.sources, kappas: at.kappas, gains: at.gains, dSources: at.dSources };

  /** drive = M z_t, after z's source is made of the rates. */
  const driveFrom = ({ rates, sources, kappas }: typeof slopes, t: number) => {
    const z = sources + t * zStep;
    if (low) {
      const kappa = perTrial ? kappas + t * rank * 64 : z;
      kernels.product(kappa, at.rightT, rates + t * hStep, rank, units, 0);
      if (perTrial) kernels.multiply(z, at.scales, kappa, rank);
    }
    kernels.product(at.drive, at.m, z, units, at.width, 0);
  };

  /** dRates = W' g, beside the gradients in sources and inputs. @returns where dRates is */
  const pullBack = ({ kappas, gains, dSources }: typeof slopes, t: number): number => {
    const dz = dSources + t * zStep;
    kernels.product(dz, at.mT, gains + t * unitStep, at.width, units, 0);
    if (!low) return dz;
    if (perTrial) {
      kernels.multiplyAdd(at.dScales, dz, kappas + t * rank * 64, rank);
      kernels.multiply(dz, dz, at.scales, rank);
    }
    kernels.product(at.dRates, at.right, dz, units, rank, 0);
    return at.dRates;
  };

  const forward = () => {
    kernels.activate(at.rates, at.states, units, phi);
    body?.init();
    for (let t = 0; t < steps; t++) {
      const x = at.states + t * unitStep,
        next = x + unitStep,
        h = at.rates + (t + 1) * hStep;
      body?.feedBack(t);
      driveFrom(slopes, t);
      if (second) {
        const z = at.sources + t * zStep + at.source * 64;
        workspace.bytes.copyWithin(second.sources + t * zStep + at.source * 64, z, z + inputs * 64);
        kernels.advance(at.scratch, second.rates + t * hStep, x, at.drive, units, alpha, phi); // p and phi(p)
        kernels.combine(next, 1, x, alpha / 2, at.drive, units);
        kernels.combine(next, 1, next, -alpha / 2, x, units);
        kernels.combine(next, 1, next, -alpha / 2, at.scratch, units);
        driveFrom({ ...slopes, ...second }, t);
        kernels.combine(next, 1, next, alpha / 2, at.drive, units);
      } else kernels.advance(next, h, x, at.drive, units, alpha, phi);
      if (noisy) kernels.combine(next, 1, next, 1, at.noise + t * unitStep, units);
      if (noisy || second) kernels.activate(h, next, units, phi);
      const y = at.outputs + t * outStep,
        seen = read + (t + 1) * readStep;
      if (weights.readout) {
        if (weights.readoutBias) workspace.bytes.copyWithin(y, at.readoutBias, at.readoutBias + outStep);
        kernels.product(y, at.readout, seen, outputs, units, weights.readoutBias ? 1 : 0);
      } else if (y !== seen) kernels.combine(y, 1, seen, 1, at.readoutBias, outputs);
      body?.move(t);
    }
  };

  const backward = () => {
    workspace.bytes.fill(0, at.carry, at.carry + unitStep);
    workspace.bytes.fill(0, at.dScales, at.dScales + at.source * 64);
    let dRates = at.zeroRows; // dL/dh_t by way of later states
    body?.start();
    for (let t = steps - 1; t >= 0; t--) {
      const e = at.dOutputs + t * outStep,
        g = at.gains + t * unitStep,
        h = at.rates + (t + 1) * hStep;
      body?.moveAdjoint(t);
      let dRead = e;
      if (weights.readout) kernels.product((dRead = at.dRead), at.readoutT, e, units, outputs, 0);
      if (second) {
        const g2 = second.gains + t * unitStep;
        kernels.adjointStep(g2, at.carry, dRates, dRead, h, units, alpha / 2, readsRates, phi); // carry = lambda - g2
        const dHp = pullBack({ ...slopes, ...second }, t);
        workspace.bytes.fill(0, at.scratch, at.scratch + unitStep);
        kernels.adjointStep(at.drive, at.scratch, dHp, at.zeroRows, second.rates + t * hStep, units, 0, 1, phi); // scratch = phi' dHp
        kernels.combine(at.scratch, 1, at.scratch, -1, g2, units); // dp
        kernels.combine(g, 1, g2, alpha, at.scratch, units); // g1
        kernels.combine(at.carry, 1, at.carry, 1, at.scratch, units); // lambda - g2 + dp
        kernels.combine(at.carry, 1, at.carry, -alpha, at.scratch, units); // lambda + dp - g1
        dRates = pullBack(slopes, t);
        const u = at.dSources + t * zStep + at.source * 64;
        kernels.combine(u, 1, u, 1, second.dSources + t * zStep + at.source * 64, inputs);
      } else {
        kernels.adjointStep(g, at.carry, dRates, dRead, h, units, alpha, readsRates, phi);
        dRates = pullBack(slopes, t);
      }
      body?.feedBackAdjoint(t);
    }
    kernels.adjointStep(at.scratch, at.carry, dRates, at.zeroRows, at.rates, units, 0, 1, phi); // carry = lambda_0
    for (const { gains, sources, rates, dSources } of second ? [slopes, second] : [slopes]) {
      kernels.outer(at.dM, gains, sources, units, at.width, steps, unitStep, zStep, at.room);
      if (low) kernels.outer(at.dRight, rates, dSources, units, rank, steps, hStep, zStep, at.room);
    }
    if (weights.readout)
      kernels.outer(at.dReadout, at.dOutputs, read + readStep, outputs, units, steps, outStep, readStep, at.room);
    if (weights.readoutBias) kernels.laneSums(at.dReadoutBias, at.dOutputs, outputs, steps, outStep);
  };
  return { forward, backward };
}
