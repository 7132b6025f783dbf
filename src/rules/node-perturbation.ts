import { random, readOptions, type FieldsOf } from "../base";
import { zerosFor, type Tensor3 } from "../tensor";
import type { LearningRule, RuleRun } from "./learning-rule";
import { driveGradients } from "./rule-gradients";

/** How {@link nodePerturbation} explores. */
export interface PerturbationOptions {
  /** standard deviation of what is added to every unit's drive at every step; default 0.01 */
  readonly sigma?: number;
  /** perturbed runs that are averaged at an update; default 1 */
  readonly draws?: number;
  /** default 0 */
  readonly seed?: number;
}

const table = {
  sigma: { is: "number", above: 0, fallback: 0.01 },
  draws: { is: "whole number", least: 1, fallback: 1 },
  seed: { is: "seed", fallback: 0 },
} as const satisfies FieldsOf<PerturbationOptions>;

/**
 * Node perturbation: each trial runs as it is and with noise xi on every unit's drive, and the weights move along the
 * noise in proportion to how much it lowered the trial's loss:
 * `dW = sum over trials (L(xi) - L(0)) / sigma² sum_t xi_t h_t'`, h the rates without noise. Its mean over noise is the
 * gradient, up to terms of second order in sigma.
 *
 * @throws {@link LtrnnError} for numbers out of range, and unknown names
 * @remarks The readout is not trained: the rule trains W, W_in and the bias. Two runs per update, one more for each
 * further draw. Noise points in all directions, so no bound follows.
 * @see Fiete & Seung (2006), Gradient learning in spiking neural networks by dynamic perturbation of conductances,
 * Physical Review Letters 97; Züge, Klos & Memmesheimer (2023), Weight versus node perturbation learning in temporally
 * extended tasks, Physical Review X 13
 * @example nodePerturbation({ sigma: 0.01, draws: 4 }).trains // ["w", "wIn", "bias"]
 */
export function nodePerturbation(options?: PerturbationOptions): LearningRule {
  const where = "nodePerturbation",
    { sigma, draws, seed } = readOptions<PerturbationOptions, typeof table>(where, options, table);
  return {
    name: where,
    description: { kind: where, sigma, draws, seed },
    trains: ["w", "wIn", "bias"],
    spread: { because: "perturbations point in all directions, and the weights follow them" },
    estimate(run) {
      const adjoints = zerosFor("ruleObjective", run.states.shape);
      for (let draw = 0; draw < draws; draw++) {
        const noise = noiseOf(run, sigma, random(seed, `perturbation ${draw} of update ${run.step}`).normal),
          { losses } = run.perturbed(noise);
        addAligned(run, adjoints, noise, (trial) => {
          const change = run.shares[trial] * (losses[trial] - run.losses[trial]);
          return change / (sigma * sigma * draws * run.alpha);
        });
      }
      return { gradients: driveGradients(run, adjoints), adjoints };
    },
  };
}

function noiseOf({ states: { shape } }: RuleRun, sigma: number, normal: () => number): Tensor3 {
  const noise = zerosFor("ruleObjective", [shape[0], shape[1] - 1, shape[2]]);
  for (let i = 0; i < noise.data.length; i++) noise.data[i] = sigma * normal();
  return noise;
}

/** lambda_{t+1} += factor xi_t, trial by trial. */
function addAligned({ states }: RuleRun, adjoints: Tensor3, noise: Tensor3, factor: (trial: number) => number): void {
  const [trials, times, units] = states.shape,
    size = (times - 1) * units;
  for (let trial = 0; trial < trials; trial++) {
    const weight = factor(trial),
      row = (trial * times + 1) * units;
    for (let i = 0; i < size; i++) adjoints.data[row + i] += weight * noise.data[trial * size + i];
  }
}
