import { filterScan } from "./filter-scan";
import { steppers } from "./integrators";
import { type Kernels, rowBytes } from "./kernel-set";
import { leakOf } from "./leak";
import { plantScan } from "./plant-scan";
import { readoutScan } from "./readout-scan";
import type { ScanMemory } from "./scan-layout";
import type { ScanSetting, ScanWeights } from "./scan-setting";
import { staticScan } from "./static-scan";
import { stepContext } from "./step-context";

/**
 * The scan over time of one panel and its adjoint, side by side, over the memory that {@link scanMemory} laid out.
 *
 * `forward` fills states, rates and outputs: an integration step ({@link steppers}), plus noise_t;
 * the readout `y_t = gain g * C h_t + d` ({@link readoutScan}; of x_t where states are read), a correction by what was
 * observed ({@link filterScan}), and `s_{t+1} = plant(s_t, y_{t+1})` ({@link plantScan}).
 *
 * `backward` reads dOutputs and dPlantStates, and adds to the gradients. With `lambda_t = dL/dx_t` and `e_t = dL/dy_t`,
 * to each lambda_t the readout's `phi' * C' e_t` is added, with `C' e_t` outside phi' where states are read, and what
 * penalties of the rates add. It gives their sum.
 *
 * It is fast because a row holds one unit in several trials ({@link Kernels}) and each step is one matrix product
 * ({@link ScanMemory}).
 */
export function scan(kernels: Kernels, setting: ScanSetting, weights: ScanWeights, memory: ScanMemory) {
  const { units, rank, steps, noisy, ratePenalty } = setting,
    { workspace } = kernels,
    stepper = steppers[setting.integrator],
    staticPart = staticScan(kernels, setting, weights, memory),
    leak = leakOf(kernels, setting, memory),
    context = stepContext(kernels, setting, memory, leak, staticPart),
    readout = readoutScan(kernels, setting, weights, memory),
    plant = setting.plant && plantScan(setting.plant, kernels, setting, memory),
    filter = filterScan(kernels, setting, weights, memory, leak);

  const forward = () => {
    leak.activate(memory.rates, memory.states);
    plant?.init();
    for (let t = 0; t < steps; t++) {
      const next = memory.states + (t + 1) * memory.unitStep;
      plant?.feedBack(t);
      stepper.forward(context, t);
      if (noisy) kernels.combine(next, 1, next, 1, memory.noise + t * memory.unitStep, units);
      if (noisy || !stepper.activates) leak.activate(memory.rates + (t + 1) * memory.hStep, next);
      readout.forward(t);
      filter?.correct(t);
      plant?.move(t);
    }
  };

  /** Adds the penalty of h_{t+1} to the gradient there, whose address may be that of zeros. */
  const penalize = (t: number, dRates: number): readonly [dRates: number, penalty: number] => {
    if (!ratePenalty) return [dRates, 0];
    const { l1, l2 } = ratePenalty,
      rates = memory.rates + (t + 1) * memory.hStep,
      own = dRates === memory.zeroRows ? memory.dRates : dRates;
    if (own !== dRates) workspace.bytes.fill(0, own, own + memory.unitStep);
    return [own, kernels.penalize(own, rates, memory.rateWeights + t * rowBytes, units, l1, l2)];
  };

  const backward = () => {
    workspace.bytes.fill(0, memory.carry, memory.carry + memory.unitStep);
    workspace.bytes.fill(0, memory.dScales, memory.dScales + memory.sourceRows * rowBytes);
    let dRates = memory.zeroRows, // dL/dh_t through later states
      penalty = 0,
      here = 0;
    plant?.start();
    for (let t = steps - 1; t >= 0; t--) {
      plant?.moveAdjoint(t);
      [dRates, here] = penalize(t, dRates);
      penalty += here;
      if (filter && t < steps - 1) {
        filter.adjoint(t, dRates);
        filter.read(t, readout.backward(t));
        dRates = stepper.backward(context, t, memory.zeroRows, memory.zeroRows);
      } else dRates = stepper.backward(context, t, dRates, readout.backward(t));
      plant?.feedBackAdjoint(t);
    }
    leak.lambda(dRates, leak.innerOf(memory, 0)); // carry = lambda_0
    for (const stage of [memory, ...memory.later]) {
      const { dDrive, sources, rates, dSources } = stage;
      staticPart?.accumulate(stage);
      kernels.outer(memory.dM, dDrive, sources, units, memory.zRows, steps, memory.unitStep, memory.zStep, memory.room);
      if (rank !== undefined)
        kernels.outer(memory.dRight, rates, dSources, units, rank, steps, memory.hStep, memory.zStep, memory.room);
    }
    readout.accumulate();
    filter?.accumulate();
    return penalty;
  };
  return { forward, backward };
}
