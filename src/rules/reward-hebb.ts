import { fail, isRecord, random, readOptions, show, type FieldsOf } from "../base";
import { zerosFor, type Params, type Tensor3 } from "../tensor";
import type { LearningRule, PerturbedRun, RuleRun } from "./learning-rule";

/** How {@link rewardHebb} explores and what it expects. */
export interface RewardHebbOptions {
  /** the largest jump of a state at a perturbation; default 0.5 */
  readonly jump?: number;
  /** perturbations of a unit per tau: at each step with probability rate · dt / tau, at most 1; default 0.1 */
  readonly rate?: number;
  /** how much of a unit's running mean is kept at each step, in [0, 1); default 0.05 */
  readonly trace?: number;
  /** how much of the loss that is expected of a type of trial is kept at each update, in [0, 1); default 0.75 */
  readonly expectation?: number;
  /** default 0 */
  readonly seed?: number;
}

const table = {
  jump: { is: "number", above: 0, fallback: 0.5 },
  rate: { is: "number", above: 0, fallback: 0.1 },
  trace: { is: "number", least: 0, below: 1, fallback: 0.05 },
  expectation: { is: "number", least: 0, below: 1, fallback: 0.75 },
  seed: { is: "seed", fallback: 0 },
} as const satisfies FieldsOf<RewardHebbOptions>;

/** The loss that is expected of every type of trial. */
interface Expected {
  readonly expected: Readonly<Record<string, number>>;
}

/**
 * Reward-modulated Hebbian learning: units are perturbed now and then; each synapse sums the cube of its presynaptic
 * rate times the jump of its postsynaptic state, `e_ij = sum_t (h_j(t-1) (x_i(t) - mean_i(t-1)))³`, the mean a running
 * one; and after the trial it changes by that sum, times how much better than expected the trial went,
 * `dW = mean over trials e (L - expected L of its type)`.
 *
 * The loss of a trial is a mean over what is observed of it, and a type of trial is what the batch calls `trials`:
 * those that `miniBatches` takes keep their names. A type that occurs for the first time changes no weights.
 *
 * @throws {@link LtrnnError} for numbers out of range, and unknown names
 * @remarks The readout is not trained: the rule trains W, W_in and the bias. Cubes of products are no products of
 * vectors, so no bound follows. O(trials · time · units²).
 * @see Miconi (2017), Biologically plausible learning in recurrent neural networks reproduces neural dynamics observed
 * during cognitive tasks, eLife 6
 * @example rewardHebb({ rate: 0.2 }).trains // ["w", "wIn", "bias"]
 */
export function rewardHebb(options?: RewardHebbOptions): LearningRule {
  const where = "rewardHebb",
    { jump, rate, trace, expectation, seed } = readOptions<RewardHebbOptions, typeof table>(where, options, table);
  return {
    name: where,
    description: { kind: where, jump, rate, trace, expectation, seed },
    trains: ["w", "wIn", "bias"],
    spread: { because: "cubes of products of rates and states are no products of vectors" },
    estimate(run) {
      const { uniform } = random(seed, `perturbation of update ${run.step}`),
        drive = zerosFor("ruleObjective", [run.states.shape[0], run.states.shape[1] - 1, run.states.shape[2]]);
      for (let i = 0; i < drive.data.length; i++)
        if (uniform() < rate * run.alpha) drive.data[i] = (jump * (2 * uniform() - 1)) / run.alpha;
      const perturbed = run.perturbed(drive),
        expected = { ...expectedOf(run.memory) };
      const surprises = run.types.map((type, trial) => {
        const loss = perturbed.losses[trial],
          before = expected[type] ?? loss;
        expected[type] = expectation * before + (1 - expectation) * loss;
        return (loss - before) / run.types.length;
      });
      return { gradients: eligible(run, perturbed, surprises, trace), memory: { expected } satisfies Expected };
    },
  };
}

/** Sums over trials of surprise times eligibility. */
function eligible(
  { inputs, model: { params, units } }: RuleRun,
  { states, rates }: PerturbedRun,
  surprises: readonly number[],
  trace: number,
): Params {
  const { w, wIn } = params,
    external = wIn.shape[1],
    [, times] = states.shape;
  const dW = new Float64Array(units * units),
    dIn = new Float64Array(units * external),
    dBias = new Float64Array(units);
  for (const [trial, surprise] of surprises.entries()) {
    if (surprise === 0) continue;
    const mean = states.data.slice(trial * times * units, (trial * times + 1) * units);
    for (let t = 1; t < times; t++) {
      const row = (trial * times + t) * units,
        input = (trial * (times - 1) + t - 1) * external;
      for (let i = 0; i < units; i++) {
        const x = states.data[row + i],
          jump = x - mean[i],
          weight = surprise * jump * jump * jump;
        mean[i] = trace * mean[i] + (1 - trace) * x;
        addCubes(dW, i * units, rates, row - units, units, weight);
        addCubes(dIn, i * external, inputs, input, external, weight);
        dBias[i] += weight;
      }
    }
  }
  return {
    w: { shape: w.shape, data: dW },
    wIn: { shape: wIn.shape, data: dIn },
    bias: { shape: [units], data: dBias },
  };
}

/** out[at + j] += weight x[from + j]³. */
function addCubes(out: Float64Array, at: number, { data }: Tensor3, from: number, count: number, weight: number): void {
  for (let j = 0; j < count; j++) {
    const x = data[from + j];
    out[at + j] += weight * x * x * x;
  }
}

function expectedOf(memory: unknown): Expected["expected"] {
  if (memory === undefined) return {};
  const expected = isRecord(memory) ? memory.expected : undefined;
  if (isRecord(expected) && Object.values(expected).every(Number.isFinite)) return expected as Expected["expected"];
  return fail("ruleObjective", {
    expected: "a memory { expected } of finite losses by types of trials",
    got: show(memory),
    fix: "Pass the memory that the evaluation before left, or resume from the snapshot as train gave it.",
  });
}
