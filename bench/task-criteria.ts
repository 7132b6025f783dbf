/**
 * When a task counts as learned, and what that may cost: the table of docs/tasks.md, which `npm run bench -- tasks` and
 * test/tasks/criteria.test.ts check.
 */
import {
  FullRankRNN,
  adam,
  batchOnPlant,
  chain,
  clipByNorm,
  contextIntegration,
  cosineDecay,
  delayedFeedback,
  delayedMatch,
  flipFlop,
  goNoGo,
  lbfgs,
  linearTeacher,
  networkObjective,
  parametricWorkingMemory,
  perceptualDecision,
  pointMass,
  reaching,
  simulate,
  sineWave,
  slice,
  taskScore,
  train,
  twoJointArm,
  zeros,
  type Params,
  type Plant,
  type Task,
} from "ltrnn";

export interface TaskCriterion {
  readonly name: string;
  /** trials by a seed; tasks that draw nothing are the same for all */
  readonly task: (seed: number) => Task;
  /** trials that decide whether it is learned, drawn apart from those that are trained on; default those of `task` */
  readonly test?: (seed: number) => Task;
  readonly plant?: Plant;
  readonly model: (inputs: number, outputs: number) => FullRankRNN;
  /**
   * of Adam, falling along a cosine to 3 %, behind a clip of the gradient's norm at 1; "lbfgs" for batches that stay
   */
  readonly optimizer: number | "lbfgs";
  /** what the score has to reach: {@link taskScore}, or that of a measure of its own, named */
  readonly criterion: number;
  readonly measure: string;
  readonly score?: (model: FullRankRNN, task: Task) => number;
  /** at most so many updates, and so many seconds on one core */
  readonly updates: number;
  readonly seconds: number;
}

const network =
  (units: number, tau: number, gain = 1) =>
  (inputs: number, outputs: number) =>
    FullRankRNN.random({ units, inputs, outputs, tau, gain }, 1);
const choices = "share of right choices",
  variance = "variance explained";

/** 1 less the relative error of the impulse response, over 50 steps. */
function impulseAgreement(model: FullRankRNN, task: Task): number {
  const { teacher } = task as ReturnType<typeof linearTeacher>,
    inputs = teacher.wIn.shape[1],
    impulses = zeros([inputs, 50, inputs]);
  for (let j = 0; j < inputs; j++) impulses.data[j * 50 * inputs + j] = 1;
  const responseOf = (network: FullRankRNN) => simulate(network, impulses, { dt: task.dt }).outputs.data;
  const wanted = responseOf(new FullRankRNN(teacher, { phi: "identity" })),
    got = responseOf(model),
    squares = (of: (i: number) => number) => wanted.reduce((sum, _, i) => sum + of(i) ** 2, 0);
  return 1 - Math.sqrt(squares((i) => got[i] - wanted[i]) / squares((i) => wanted[i]));
}

const armReach = () => reaching({ dt: 0.01, steps: 60, cue: 10, duration: 40, radius: 0.1 });

export const taskCriteria: readonly TaskCriterion[] = [
  {
    name: "flipFlop",
    task: (seed) => flipFlop({ seed }),
    model: network(64, 0.2),
    optimizer: 3e-3,
    criterion: 0.98,
    measure: variance,
    updates: 400,
    seconds: 10,
  },
  {
    name: "perceptualDecision",
    task: (seed) => perceptualDecision({ seed }),
    test: (seed) => perceptualDecision({ seed, trials: 2000 }),
    model: network(50, 0.5),
    optimizer: 3e-3,
    criterion: 0.93,
    measure: choices,
    updates: 400,
    seconds: 10,
  },
  {
    name: "contextIntegration",
    task: (seed) => contextIntegration({ seed }),
    test: (seed) => contextIntegration({ seed, trials: 2000 }),
    model: network(100, 0.5),
    optimizer: 3e-3,
    criterion: 0.92,
    measure: choices,
    updates: 600,
    seconds: 15,
  },
  {
    name: "parametricWorkingMemory",
    task: (seed) => parametricWorkingMemory({ seed }),
    model: network(64, 0.5),
    test: (seed) => parametricWorkingMemory({ seed, trials: 1000 }),
    optimizer: 3e-3,
    criterion: 0.99,
    measure: choices,
    updates: 300,
    seconds: 10,
  },
  {
    name: "delayedMatch",
    task: (seed) => delayedMatch({ seed }),
    test: (seed) => delayedMatch({ seed, trials: 1000 }),
    model: network(64, 0.5),
    optimizer: 3e-3,
    criterion: 0.99,
    measure: choices,
    updates: 300,
    seconds: 10,
  },
  {
    name: "goNoGo",
    task: (seed) => goNoGo({ seed }),
    model: network(32, 0.5),
    optimizer: 3e-3,
    criterion: 0.99,
    measure: choices,
    updates: 100,
    seconds: 5,
  },
  {
    name: "sineWave",
    task: () => sineWave(),
    model: network(100, 0.5, 1.2),
    optimizer: 3e-3,
    criterion: 0.99,
    measure: variance,
    updates: 800,
    seconds: 10,
  },
  {
    name: "linearTeacher",
    task: () => linearTeacher(),
    model: (inputs, outputs) => FullRankRNN.random({ units: 8, inputs, outputs, phi: "identity", gain: 0.5 }, 1),
    optimizer: "lbfgs",
    criterion: 0.999,
    measure: "1 - relative error of the impulse response",
    score: impulseAgreement,
    updates: 1500,
    seconds: 10,
  },
  {
    name: "reaching",
    task: () => reaching(),
    plant: pointMass({ dt: 0.1, friction: 1 }),
    model: network(64, 0.5, 0.8),
    optimizer: 3e-3,
    criterion: 0.99,
    measure: variance,
    updates: 600,
    seconds: 10,
  },
  {
    name: "reaching, delayed feedback",
    task: () => reaching(),
    plant: delayedFeedback(pointMass({ dt: 0.1, friction: 1, curl: 1, feedback: true }), 3),
    model: network(64, 0.5, 0.8),
    optimizer: 3e-3,
    criterion: 0.99,
    measure: variance,
    updates: 600,
    seconds: 10,
  },
  {
    name: "reaching, twoJointArm",
    task: armReach,
    plant: twoJointArm({ dt: 0.01 }),
    model: network(64, 0.05, 0.8),
    optimizer: 3e-3,
    criterion: 0.99,
    measure: variance,
    updates: 600,
    seconds: 15,
  },
  {
    name: "reaching, twoJointArm with muscles",
    task: armReach,
    plant: twoJointArm({ dt: 0.01, muscles: true }),
    model: network(64, 0.05, 0.8),
    optimizer: 3e-3,
    criterion: 0.99,
    measure: variance,
    updates: 600,
    seconds: 40,
  },
];

/** How learning went. */
export interface TaskResult {
  readonly reached: boolean;
  readonly updates: number;
  readonly seconds: number;
  readonly score: number;
}

/** What a row trains: the network before, the trials of its first step, and how they are run. */
export function setUp({ task, plant, model }: TaskCriterion) {
  const trials = task(0),
    inputs = trials.batch.inputs.shape[2] + (plant?.feedback ?? 0),
    outputs = plant?.controls ?? trials.batch.targets.shape[2],
    batchOf = ({ batch }: Task) => (plant ? batchOnPlant(batch, plant) : batch);
  return {
    trials,
    batchOf,
    naive: model(inputs, outputs),
    options: { dt: trials.dt, ...(plant ? { plant } : {}) },
  };
}

/** Trains until the criterion is met, or the updates are used up. */
export async function learn(row: TaskCriterion, watch?: (now: TaskResult, loss: number) => void): Promise<TaskResult> {
  const { criterion } = row,
    { trials, batchOf, naive, options } = setUp(row),
    test = (row.test ?? row.task)(1_000_000),
    { w, wIn, bias, readout, readoutBias } = naive.params;
  const drawn = trials.provenance.seed !== null,
    objective = networkObjective(naive, drawn ? (step) => batchOf(row.task(step)) : batchOf(trials), options);
  const scoreOf = (params: Params) => {
    const now = naive.with({ params });
    if (row.score) return row.score(now, test);
    const run = simulate(now, test.batch.inputs, options),
      seen = run.plantStates ? slice(run.plantStates, [undefined, [1], [0, test.batch.targets.shape[2]]]) : run.outputs;
    return taskScore(test, seen);
  };
  const begun = performance.now();
  let result: TaskResult = { reached: false, updates: 0, seconds: 0, score: -Infinity };
  const optimizer =
    row.optimizer === "lbfgs"
      ? lbfgs({ memory: 30 })
      : chain(clipByNorm(1), adam(cosineDecay(row.optimizer, { steps: row.updates, floor: 0.03 })));
  for await (const { step, loss, params } of train(
    objective,
    { w, wIn, bias, readout, readoutBias },
    { optimizer, steps: row.updates, every: 20 },
  )) {
    const score = scoreOf(params);
    result = { reached: score >= criterion, updates: step, seconds: (performance.now() - begun) / 1e3, score };
    watch?.(result, loss);
    if (result.reached) break;
  }
  return result;
}
