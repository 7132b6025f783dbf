/** A network that reaches, and then learns under a perturbation that comes and goes, one update per trial. */
import {
  FullRankRNN,
  adam,
  chain,
  clipByNorm,
  cosineDecay,
  lateralError,
  last,
  networkObjective,
  pointMass,
  random,
  reaching,
  recordWeights,
  ruleObjective,
  sgd,
  simulate,
  train,
  zeros,
  type Curriculum,
  type LearningRule,
  type Matrix,
  type Objective,
  type Params,
  type Task,
  type Tensor3,
} from "ltrnn";

export type Perturbation = "curl field" | "rotation";

/** What is learned, and by what. */
export interface LearningSetting {
  readonly units: number;
  readonly phi: "tanh" | "identity";
  /** of the first weights: their spectral radius is about so large */
  readonly gain: number;
  readonly perturbation: Perturbation;
  /** how large the perturbation is at each trial: a curl, or an angle in radians */
  readonly sizes: Curriculum;
  /** of plain descent, one update per trial */
  readonly rate: number;
  /**
   * a rule in place of the gradient; it learns the forces that the reach needs, see {@link forces}. It also practices,
   * where it trains all parameters
   */
  readonly rule?: LearningRule;
  /** whether the gradient, too, learns those forces; default false: the loss is on the hand */
  readonly onForces?: boolean;
  /** updates of Adam before the first trial; default 400 */
  readonly practice?: number;
  readonly seed: number;
}

export interface LearnedReach {
  /** (units × units × trials), before the update of each trial */
  readonly weights: Tensor3;
  /** signed lateral error of each trial, mean over targets, left positive */
  readonly errors: readonly number[];
  readonly losses: readonly number[];
  /** rates of one reach per trial (trials × time × units) */
  readonly activity: Tensor3;
  /** the target of that reach */
  readonly targets: readonly number[];
}

const dt = 0.1,
  tau = 0.5,
  friction = 1;

/** 8 targets, 24 steps. */
export const reachTask = () => reaching({ targets: 8, steps: 24, dt, cue: 4, duration: 16 });

const hand = (perturbation: Perturbation, size: number) =>
  pointMass({ mass: 1, friction, dt, ...(perturbation === "rotation" ? { rotation: size } : { curl: size }) });

/**
 * The forces that make the reach of `task` under a perturbation, (trials × time × 2): `m dv/dt + friction v - curl R
 * v`, turned back by the rotation, as `pointMass` steps.
 */
export function forces({ batch }: Pick<Task, "batch">, perturbation: Perturbation, size: number): Tensor3 {
  const { shape, data } = batch.targets!,
    [trials, steps] = shape,
    out = zeros([trials, steps, 2]),
    curl = perturbation === "rotation" ? 0 : size,
    angle = perturbation === "rotation" ? size : 0;
  for (let k = 0; k < trials; k++)
    for (let t = 0, vx = 0, vy = 0; t < steps; t++) {
      const row = k * steps + t,
        [nextX, nextY] = [data[row * 4 + 2], data[row * 4 + 3]],
        fx = (nextX - vx) / dt + friction * vx - curl * vy,
        fy = (nextY - vy) / dt + friction * vy + curl * vx;
      out.data[row * 2] = Math.cos(angle) * fx + Math.sin(angle) * fy;
      out.data[row * 2 + 1] = Math.cos(angle) * fy - Math.sin(angle) * fx;
      [vx, vy] = [nextX, nextY];
    }
  return out;
}

/** Learn to reach without a perturbation by Adam, then the recurrent weights alone by one plain update per trial. */
export async function learnReach(setting: LearningSetting): Promise<LearnedReach> {
  const { units, phi, gain, perturbation, sizes, rate, rule, practice = 400, seed } = setting,
    onForces = setting.onForces ?? rule !== undefined,
    task = reachTask(),
    { inputs } = task.batch,
    naive = FullRankRNN.random({ units, inputs: 3, outputs: 2, gain, tau, phi }, seed),
    batchAt = (size: number) => (onForces ? { inputs, targets: forces(task, perturbation, size) } : task.batch),
    optionsAt = (size: number) => (onForces ? { dt } : { dt, plant: hand(perturbation, size) });
  const { w, wIn, bias, readout, readoutBias } = naive.params;
  const practiced: Objective<Params> = rule?.trains.includes("readout")
    ? ruleObjective(naive, batchAt(0), rule, { dt })
    : networkObjective(naive, batchAt(0), optionsAt(0));
  const skilled = await last(
    train(practiced, { w, wIn, bias, readout, readoutBias } as Params, {
      optimizer: chain(clipByNorm(1), adam(cosineDecay(5e-3, { steps: practice, warmup: 10 }))),
      steps: practice,
    }),
  );
  if (skilled.status === "diverged") throw new Error(`Practice diverged: ${JSON.stringify(setting)}`);
  const model = naive.with({ params: skilled.params });

  const stream = random(seed, "recorded targets"),
    count = inputs.shape[0],
    all = Array.from({ length: count }, (_, target) => target),
    blocks = Math.ceil(sizes.steps / count),
    targets = Array.from({ length: blocks }, () => stream.shuffled(all))
      .flat()
      .slice(0, sizes.steps);
  const steps = inputs.shape[1],
    activity = zeros([sizes.steps, steps, units]),
    errors: number[] = [];
  const batch = (step: number) => batchAt(sizes(step)),
    objective: Objective<Params> = rule
      ? ruleObjective(model, batch, rule, { dt })
      : networkObjective(model, batch, (step) => optionsAt(sizes(step)));
  const trials = async function* () {
    for await (const now of train(objective, { w: model.params.w } as Params, {
      optimizer: sgd(rate),
      steps: sizes.steps - 1,
      every: 1,
    })) {
      if (now.status === "diverged")
        throw new Error(`Learning diverged at trial ${now.step}: ${JSON.stringify(setting)}`);
      const { rates, plantStates } = simulate(model.with({ params: { w: now.params.w as Matrix } }), inputs, {
          dt,
          plant: hand(perturbation, sizes(now.step)),
        }),
        lateral = lateralError(plantStates!, task.conditions.angle),
        from = targets[now.step] * steps * units;
      activity.data.set(rates.data.subarray(from, from + steps * units), now.step * steps * units);
      errors.push(lateral.reduce((sum, error) => sum + error, 0) / lateral.length);
      yield now;
    }
  };
  const { weights, losses } = await recordWeights(trials(), model);
  return { weights, losses, errors, activity, targets };
}
