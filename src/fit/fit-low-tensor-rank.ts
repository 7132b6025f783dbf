import { checkWhole, fail, last, provenance, readOptions, type Provenance, type Status, square } from "../base";
import type { Label } from "../masks";
import { adam, chain, clipByNorm, cosineDecay, describeOptimizer, type GradientTransform } from "../optim";
import { openThreads, simulate, type LowTensorRankRNN } from "../rnn";
import { checkTensor, type Params, type Tensor3 } from "../tensor";
import { train, type AsyncObjective, type Snapshot, type TrainingDivergence } from "../train";
import { fitObjective, inputsOf, type FitEvaluation, type FitObjective } from "./fit-objective";
import { fitFields, type FitOptions } from "./fit-options";
import type { FreeParams } from "./free-params";
import { prepareFit, type PreparedFit } from "./prepare-fit";

/** How a start went. */
export interface FitStart {
  readonly seed: number;
  readonly steps: number;
  /** the lowest it reached, in the activity's unit squared, or as a custom loss counts; Infinity where it diverged at once */
  readonly validationLoss: number;
  readonly status: Status;
  /** whether it was left after a stage, since others were better */
  readonly dropped: boolean;
  /** with the status "diverged": where and why */
  readonly divergence?: TrainingDivergence;
}

/** A fitted ltrRNN: the best step so far by validation. Progress report and result in one; all but the model is plain data. */
export interface LowTensorRankFit {
  /** factors, input weights, initial states (a row per condition), bias and decoder, in the activity's unit */
  readonly model: LowTensorRankRNN;
  /** what drove it (trials × time × inputs) */
  readonly inputs: Tensor3;
  /** row of x0 that each trial takes: pass it on to simulate */
  readonly conditions: readonly number[];
  /** the label of each row, in the type that it came in */
  readonly conditionLabels: readonly Label[];
  readonly dt: number;
  /** (trials × time × neurons), also where nothing was observed */
  readonly prediction: Tensor3;
  /** trained parameters of the head and of a custom loss; none where there is neither */
  readonly ownParams: Params;
  /** neurons whose training entries do not vary: fitted by their mean */
  readonly constantNeurons: readonly number[];
  /** trials without a training entry: their factors come from their neighbors, by the prior */
  readonly unseenTrials: readonly number[];
  /** share of the variance that lies beyond the activation's range, which the identity decoder cannot explain; mostly 0 */
  readonly outOfReach: number;
  /** half the mean squared error over the training entries, or the custom loss, at this step */
  readonly loss: number;
  /** over the validation entries; equal to `loss` where there are none */
  readonly validationLoss: number;
  /** updates made before this step, in the start it comes from */
  readonly bestStep: number;
  /** updates made so far, over all starts, and at most to be made */
  readonly steps: number;
  readonly stepsAtMost: number;
  readonly starts: readonly FitStart[];
  /** "exhausted" when all updates were made, which is how most fits end */
  readonly status: Status;
  readonly provenance: Provenance;
}

type Run = {
  readonly seed: number;
  readonly steps: AsyncGenerator<Snapshot<FreeParams & Params, FitEvaluation>>;
  best?: Snapshot<FreeParams & Params, FitEvaluation>;
  made: number;
  status: Status;
  dropped: boolean;
  divergence?: TrainingDivergence | undefined;
};

/** How the starts are run, defaults filled in. */
interface Race {
  readonly steps: number;
  readonly starts: number;
  readonly optimizer: GradientTransform;
  readonly seed: number;
  readonly signal: AbortSignal | undefined;
  readonly threads: number;
}

/**
 * The stepwise form of {@link fitLowTensorRank}: it yields the best fit so far, after every ten updates.
 *
 * @example (await last(fitLowTensorRankSteps(zeros([4, 6, 3]), 1, { decoder: "identity", training: { steps: 2, starts: 1 } }))).status // "converged"
 */
export async function* fitLowTensorRankSteps(
  activity: Tensor3,
  rank: number,
  options: FitOptions = {},
): AsyncGenerator<LowTensorRankFit> {
  const where = "fitLowTensorRank";
  checkTensor(where, "activity", activity, 3);
  checkWhole(where, "rank", rank, 1);
  const given = readOptions(where, options, fitFields),
    { threads, seed, signal } = given,
    steps = given.training.steps as number,
    starts = given.training.starts as number,
    optimizer = given.training.optimizer ?? usualOptimizer(steps);
  const prepared = prepareFit(where, activity, rank, given),
    objective = fitObjective(prepared.problem),
    how: Race = { steps, starts, optimizer, seed, signal, threads };
  if (threads === 1) return yield* race(prepared, objective, how);
  if (prepared.problem.loss)
    fail("fitLowTensorRank", {
      expected: "no head and no custom loss on more than one thread",
      got: prepared.problem.loss.name,
      fix: "Leave threads away: functions cannot go to another thread.",
    });
  const pool = await openThreads("fitLowTensorRank", threads);
  try {
    yield* race(prepared, objective.onThreads(pool), how);
  } finally {
    await pool.close();
  }
}

/** Adam on a cosine, gradients clipped. */
const usualOptimizer = (steps: number): GradientTransform =>
  chain(clipByNorm(1), adam(cosineDecay(0.06, { steps, warmup: Math.min(10, steps - 1), floor: 0.02 })));

/** All starts side by side; the worse half is dropped after each stage. */
async function* race(
  { problem, draw, standard, labels, settings, ...prepared }: PreparedFit,
  objective: FitObjective | AsyncObjective<FreeParams & Params, FitEvaluation>,
  { steps, starts, optimizer, seed, signal, threads }: Race,
): AsyncGenerator<LowTensorRankFit> {
  const made = provenance("fitLowTensorRank", seed, {
    ...settings,
    threads,
    training: { steps, starts, optimizer: describeOptimizer(optimizer) },
  });
  const runs = Array.from(
    { length: starts },
    (_, i): Run => ({
      seed: seed + i,
      steps: train(objective, draw(seed + i), { optimizer, steps, every: 1, signal }),
      made: -1,
      status: "running",
      dropped: false,
    }),
  );
  const stage = Math.ceil(steps / 5);
  let alive = runs,
    total = 0;
  const stepsAtMost = plannedSteps(starts, steps, stage);
  const now = (status: LowTensorRankFit["status"]): LowTensorRankFit => {
    const winner = winnerOf(runs);
    const {
      evaluation: { model, validationLoss, ownParams },
      loss,
      params,
      step,
    } = winner.best as NonNullable<Run["best"]>;
    const unit = problem.loss ? 1 : square(standard.scale),
      inputs = inputsOf(problem, params.u);
    const { outputs } = simulate(model, inputs, {
      dt: problem.dt,
      precision: problem.precision,
      conditions: problem.conditions,
    });
    return {
      model: prepared.inputsInUnits?.(standard.modelInUnits(model)) ?? standard.modelInUnits(model),
      inputs: prepared.givenInputs ?? inputs,
      conditions: problem.conditions,
      conditionLabels: labels,
      dt: problem.dt,
      prediction: problem.head ? problem.head.predict(outputs, ownParams) : standard.inUnits(outputs),
      ownParams,
      constantNeurons: prepared.constantNeurons,
      unseenTrials: prepared.unseenTrials,
      outOfReach: prepared.outOfReach,
      loss: loss * unit,
      validationLoss: validationLoss * unit,
      bestStep: step,
      steps: total,
      stepsAtMost,
      starts: runs.map((run) => ({
        seed: run.seed,
        steps: Math.max(0, run.made),
        validationLoss: (run.best?.evaluation.validationLoss ?? Infinity) * unit,
        status: run.status,
        dropped: run.dropped,
        ...(run.divergence ? { divergence: run.divergence } : {}),
      })),
      status,
      provenance: made,
    };
  };
  while (alive.length > 0) {
    const until = Math.min(steps, alive[0].made < 0 ? stage : alive[0].made + stage);
    for (const run of alive) {
      while (run.status === "running" && run.made < until) {
        const { value: snapshot, done } = await run.steps.next();
        if (done || !snapshot) break;
        if (run.made >= 0 && snapshot.step > run.made) total++;
        run.made = snapshot.step;
        run.status = snapshot.status;
        run.divergence = snapshot.divergence;
        const finite = Number.isFinite(snapshot.loss);
        if (finite && !(snapshot.evaluation.validationLoss >= (run.best?.evaluation.validationLoss ?? Infinity)))
          run.best = snapshot;
        if (run.made % 10 === 0 && run.best) yield now("running");
      }
    }
    alive = alive.filter((run) => run.status === "running").sort((p, q) => lowestLoss(p) - lowestLoss(q));
    for (const run of alive.splice(Math.ceil(alive.length / 2))) run.dropped = true;
  }
  const divergence = runs[0].divergence;
  if (divergence && !runs.some((run) => run.best))
    fail("fitLowTensorRank", {
      expected: "a start whose states and loss are finite",
      got: divergence.reason,
      fix: "Bring known inputs to a size near 1, and check what a head or a custom loss gives at the start.",
      divergence,
    });
  yield now(runs.some((run) => run.status === "aborted") ? "aborted" : winnerOf(runs).status);
}

/**
 * Fit an ltrRNN to activity recorded over learning: `tau dx/dt = -x + W^(k) phi(x) + W_in u + b` with `W^(k) = sum_r c_r(k) a_r b_r'`, trial factors smooth
 * over trials (a Gaussian process, whitened), and initial states and inputs that differ between conditions. Neurons are a linear readout of the rates with a
 * bias, the rates themselves, or what a head makes of them. Half the mean squared error over the mask, or a custom loss, is made small; the step with the lowest
 * loss over `validation` is kept.
 *
 * @param activity - (trials × time × neurons), in the order the trials took place; one Euler step per bin
 * @param rank - number of components of the weight tensor
 * @throws {@link LtrnnError} when shapes or labels disagree, an observed entry is not finite, masks overlap, the activation cannot reach the activity, or threads are
 * wanted where there can be none
 * @remarks Activity and known inputs are fitted in standard units, so the result does not depend on their units. O(updates · trials · time · units · (rank + inputs + neurons)). A start that diverges is listed in `starts` and left.
 * @see Pellegrino, Cayco Gajic & Chadwick (2023), Low Tensor Rank Learning of Neural Dynamics, NeurIPS 36
 * @example (await fitLowTensorRank(zeros([4, 6, 3]), 1, { decoder: "identity", training: { steps: 2, starts: 1 } })).prediction.shape // [4, 6, 3]
 */
export async function fitLowTensorRank(
  activity: Tensor3,
  rank: number,
  options: FitOptions = {},
): Promise<LowTensorRankFit> {
  return last(fitLowTensorRankSteps(activity, rank, options));
}

const lowestLoss = (run: Run): number => run.best?.evaluation.validationLoss ?? Number.POSITIVE_INFINITY;

const winnerOf = (runs: readonly Run[]): Run => [...runs].sort((p, q) => lowestLoss(p) - lowestLoss(q))[0];

/** Updates of all starts together: every stage moves those still there, and drops the worse half. */
function plannedSteps(starts: number, steps: number, stage: number): number {
  let total = 0;
  for (let done = 0, alive = starts; done < steps; done += stage, alive = Math.ceil(alive / 2))
    total += alive * Math.min(stage, steps - done);
  return total;
}
