import { provenance, type Provenance } from "../base";
import { describePlant } from "../kernels";
import type { Network } from "../models";
import { zerosFor, type Tensor3 } from "../tensor";
import { orThrow, outputOverflow } from "./overflow";
import { planRun } from "./plan";
import { runPanels } from "./run-panels";
import type { RunOptions } from "./run-options";

/** The trajectory of a network. */
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
 * @throws {@link LtrnnError} when the model and the inputs disagree, or a state stops being finite: the trial and
 * the step are named
 * @remarks O(trials · time · units · rank) for low rank, units² for full rank.
 * @see Pellegrino, Cayco Gajic & Chadwick (2023), Low Tensor Rank Learning of Neural Dynamics, NeurIPS 36
 * @example simulate(LowTensorRankRNN.random({ units: 20, inputs: 2, rank: 3, trials: 5 }, 7), zeros([5, 40, 2]),
 * { dt: 0.1 }).rates.shape // [5, 40, 20]
 */
export function simulate(model: Network, inputs: Tensor3, options?: RunOptions): Simulation {
  const where = "simulate",
    plan = planRun(where, model, inputs, options),
    { trials, steps, plant, dt, noise, integrator, precision } = plan;
  const states = zerosFor(where, [trials, steps + 1, model.units]),
    rates = zerosFor(where, [trials, steps, model.units]),
    outputs = zerosFor(where, [trials, steps, plan.outputs]),
    plantStates = plant && zerosFor(where, [trials, steps + 1, plant.states]);
  let kernels = "";
  const run = runPanels(where, model, inputs, plan, {
    see(panel, first) {
      panel.read("states", states);
      panel.read("laterRates", rates);
      panel.read("outputs", outputs);
      if (plantStates) panel.read("plantStates", plantStates);
      kernels = panel.kernels.name;
      return outputOverflow(panel, first, Math.min(panel.kernels.lanes, trials - first)) ?? "next";
    },
  });
  orThrow(where, run);
  return {
    states,
    rates,
    outputs,
    ...(plantStates ? { plantStates } : {}),
    provenance: provenance(
      where,
      noise?.seed ?? null,
      {
        dt,
        integrator,
        precision,
        noise,
        plant: describePlant(plant),
        trials: model.trials === undefined ? undefined : [...plan.trialOf],
        conditions: model.params.x0.shape[0] === 1 ? undefined : [...plan.startOf],
      },
      { kernels },
    ),
  };
}
