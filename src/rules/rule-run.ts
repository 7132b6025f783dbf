import { failingAs } from "../base";
import { activationCurve } from "../kernels";
import { countTargets, readTargets, type EntryLoss } from "../losses";
import { oneTau, type FullRankRNN } from "../models";
import { simulate, type Batch, type RunOptions } from "../run";
import { concat, identity, zerosFor, type Tensor3 } from "../tensor";
import { compareTrials, type Comparison } from "./compare-trials";
import type { RuleRun } from "./learning-rule";

/** A run and what its targets say about it. */
export interface ComparedRun extends Omit<RuleRun, "step" | "memory">, Pick<Comparison, "loss" | "validationLoss"> {}

/** Run the network on the trials of an update, and compare outputs with targets. */
export function ruleRun(
  where: string,
  model: FullRankRNN,
  batch: Batch,
  { dt, noise }: Pick<RunOptions, "dt" | "noise">,
  loss: EntryLoss,
): ComparedRun {
  const { inputs, trials, conditions } = batch,
    tau = oneTau(where, model.setting, "learning rules scale all of the weights by one alpha"),
    targets = readTargets(where, batch);
  const run = (network: FullRankRNN, driven: Tensor3) => {
    const { states, rates, outputs } = failingAs(where, () => simulate(network, driven, { dt, noise, conditions }));
    const counts = countTargets(where, targets, outputs.shape, loss);
    return {
      states,
      rates: fromStart(model, states, rates),
      outputs,
      ...compareTrials(where, outputs, targets, loss, counts),
    };
  };
  const [count] = inputs.shape,
    inOrder = Array.from({ length: count }, (_, trial) => trial);
  return {
    ...run(model, inputs),
    model,
    alpha: (dt ?? tau / 10) / tau,
    inputs,
    types: trials ?? inOrder,
    starts: conditions ?? (model.params.x0.shape[0] === 1 ? inOrder.map(() => 0) : inOrder),
    perturbed(drive) {
      const { units, params } = model,
        wIn = concat([params.wIn, identity(units)], 1); // drives are inputs of the units' own
      return run(model.with({ params: { wIn } }), concat([inputs, drive], 2));
    },
  };
}

/** phi(x_0) before the rates at x_1 .. x_T. */
function fromStart({ setting }: FullRankRNN, states: Tensor3, rates: Tensor3): Tensor3 {
  const [trials, times, units] = states.shape,
    out = zerosFor("ruleObjective", [trials, times, units]),
    { value } = activationCurve(setting.phi);
  for (let trial = 0; trial < trials; trial++) {
    const row = trial * times * units,
      later = (times - 1) * units;
    for (let i = 0; i < units; i++) out.data[row + i] = value(states.data[row + i]);
    out.data.set(rates.data.subarray(trial * later, (trial + 1) * later), row + units);
  }
  return out;
}
