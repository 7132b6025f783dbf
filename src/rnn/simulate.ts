import { provenance, type Provenance } from "../base";
import { unpackPanel } from "../kernels";
import { zeros, type Tensor3 } from "../tensor";
import { planRun, type RunOptions } from "./batch";
import { runPanels } from "./engine";
import type { Network } from "./network";

/** What a network did. */
export interface Simulation {
  /** (trials × (time + 1) × units), x_0 first */
  readonly states: Tensor3;
  /** phi(x) at x_1 .. x_T (trials × time × units) */
  readonly rates: Tensor3;
  /** at x_1 .. x_T (trials × time × outputs) */
  readonly outputs: Tensor3;
  /** (trials × (time + 1) × the plant's states), s_0 first; with a plant only */
  readonly plantStates?: Tensor3;
  readonly provenance: Provenance;
}

/**
 * Simulate, by explicit steps and trial by trial: `tau dx/dt = -x + W^(k) phi(x) + W_in u + b`.
 *
 * @param inputs - u_0 .. u_{T-1}, (trials × time × inputs)
 * @param options.dt - step, in the unit of tau, well below it
 * @throws {@link LtrnnError} when the model and the inputs disagree, or a state stops being finite: the trial and the step are named
 * @remarks O(trials · time · units · rank) for low rank, units² for full rank.
 * @see Pellegrino, Cayco Gajic & Chadwick (2023), Low Tensor Rank Learning of Neural Dynamics, NeurIPS 36
 * @example simulate(LowTensorRankRNN.random({ units: 20, inputs: 2, rank: 3, trials: 5 }, 7), zeros([5, 40, 2]), { dt: 0.1 }).rates.shape // [5, 40, 20]
 */
export function simulate(model: Network, inputs: Tensor3, options: RunOptions = {}): Simulation {
  const plan = planRun("simulate", model, inputs, options);
  const { trials, steps, outputs, plant, dt, noise, integrator, precision } = plan;
  const states = zeros([trials, steps + 1, model.units]),
    rates = zeros([trials, steps, model.units]),
    y = zeros([trials, steps, outputs]);
  const plantStates = plant && zeros([trials, steps + 1, plant.states]);
  let name = "";
  runPanels("simulate", model, inputs, plan, {
    see({ first, kernels, memory }) {
      unpackPanel(states, kernels, memory.states, memory.unitStep, first);
      unpackPanel(rates, kernels, memory.rates + memory.hStep, memory.hStep, first);
      unpackPanel(y, kernels, memory.outputs, memory.outStep, first);
      if (plantStates) unpackPanel(plantStates, kernels, memory.plantStates, memory.bodyStep, first);
      name = kernels.name;
      return false;
    },
  });
  return {
    states,
    rates,
    outputs: y,
    ...(plantStates ? { plantStates } : {}),
    provenance: provenance("simulate", noise?.seed ?? null, {
      dt,
      integrator,
      precision,
      kernels: name,
      noise: noise ?? null,
      plant: plant !== undefined,
    }),
  };
}
