import { LtrnnError, checkAbove, checkWhole, fail, last, provenance, type Provenance } from "../base";
import { adam, chain, clipByNorm, cosineDecay } from "../optim";
import { openThreads, simulate, type LowTensorRankRNN } from "../rnn";
import type { Params, Tensor3 } from "../tensor";
import { train, type AsyncObjective, type Snapshot } from "../train";
import { fitObjective, inputsOf, type FitEvaluation, type FitObjective } from "./fit-objective";
import type { FitOptions } from "./fit-options";
import type { FreeParams } from "./free-params";
import { prepareFit, type PreparedFit } from "./prepare-fit";

/** How a start went. */
export interface FitStart {
  readonly seed: number;
  readonly steps: number;
  /** the lowest it reached, in the activity's unit squared, or as a loss of one's own counts */
  readonly validationLoss: number;
  readonly status: "running" | "dropped" | "finished" | "diverged" | "aborted";
}

/** A fitted ltrRNN: the best step so far by validation. Progress report and result in one; all but the model is plain data. */
export interface LowTensorRankFit {
  /** factors, input weights, initial states (a row per condition), bias and decoder, in the activity's unit */
  readonly model: LowTensorRankRNN;
  /** what drove it (trials × time × inputs) */
  readonly inputs: Tensor3;
  /** row of x0 that each trial takes: pass it on to simulate */
  readonly conditions: readonly number[];
  /** the label of each row */
  readonly conditionLabels: readonly number[];
  readonly dt: number;
  /** (trials × time × neurons), also where nothing was observed */
  readonly prediction: Tensor3;
  /** trained parameters of the head and of a loss of one's own; none where there is neither */
  readonly ownParams: Params;
  /** half the mean squared error over the training entries, or the loss of one's own, at this step */
  readonly loss: number;
  /** over the validation entries; equal to `loss` where there are none */
  readonly validationLoss: number;
  /** updates made before this step, in the start it comes from */
  readonly bestStep: number;
  /** updates made so far, over all starts, and at most to be made */
  readonly steps: number;
  readonly stepsAtMost: number;
  readonly starts: readonly FitStart[];
  readonly status: "running" | "finished" | "aborted";
  readonly provenance: Provenance;
}

type Run = {
  readonly seed: number;
  readonly steps: AsyncGenerator<Snapshot<FreeParams & Params, FitEvaluation>>;
  best?: Snapshot<FreeParams & Params, FitEvaluation>;
  made: number;
  status: FitStart["status"];
};

/** How the starts are run, defaults filled in. */
type Race = Required<NonNullable<FitOptions["training"]>> & {
  readonly seed: number;
  readonly signal?: AbortSignal;
  readonly threads: number;
};

/**
 * The stepwise form of {@link fitLowTensorRank}: it yields the best fit so far, after every ten updates.
 *
 * @example (await last(fitLowTensorRankSteps(zeros([4, 6, 3]), 1, { decoder: "identity", training: { steps: 2, starts: 1 } }))).status // "finished"
 */
export async function* fitLowTensorRankSteps(
  activity: Tensor3,
  rank: number,
  options: FitOptions = {},
): AsyncGenerator<LowTensorRankFit> {
  const {
    training: {
      steps = 300,
      starts = 2,
      optimizer = chain(
        clipByNorm(1),
        adam(cosineDecay(0.06, { steps, warmup: Math.min(10, steps - 1), floor: 0.02 })),
      ),
    } = {},
    seed = 0,
    signal,
    threads = 1,
  } = options;
  checkWhole("fitLowTensorRank", "training.steps", steps, 1);
  checkWhole("fitLowTensorRank", "training.starts", starts, 1);
  checkAbove("fitLowTensorRank", "seed", seed, -Infinity);
  const prepared = prepareFit(activity, rank, options),
    objective = fitObjective(prepared.problem),
    how: Race = { steps, starts, optimizer, seed, signal, threads };
  if (threads === 1) return yield* race(prepared, objective, how);
  if (prepared.problem.loss)
    fail("fitLowTensorRank", {
      expected: "no head and no loss of one's own on more than one thread",
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

/** All starts side by side; the worse half is dropped after each stage. */
async function* race(
  { problem, draw, standard, labels, settings }: PreparedFit,
  objective: FitObjective | AsyncObjective<FreeParams & Params, FitEvaluation>,
  { steps, starts, optimizer, seed, signal, threads }: Race,
): AsyncGenerator<LowTensorRankFit> {
  const made = provenance("fitLowTensorRank", seed, {
    ...settings,
    threads,
    training: { steps, starts, optimizer: optimizer.name },
  });
  const runs = Array.from(
    { length: starts },
    (_, i): Run => ({
      seed: seed + i,
      steps: train(objective, draw(seed + i), { optimizer, steps, every: 1, signal }),
      made: -1,
      status: "running",
    }),
  );
  const stage = Math.ceil(steps / 5);
  let alive = runs,
    total = 0,
    trouble: unknown;
  const stepsAtMost = plannedSteps(starts, steps, stage);
  const now = (status: LowTensorRankFit["status"]): LowTensorRankFit => {
    const winner = runs
      .filter((run) => run.best)
      .sort((p, q) => p.best!.evaluation.validationLoss - q.best!.evaluation.validationLoss)[0];
    const {
      evaluation: { model, validationLoss, ownParams },
      loss,
      params,
      step,
    } = winner.best!;
    const unit = problem.loss ? 1 : standard.scale ** 2,
      inputs = inputsOf(problem, params.u);
    const { outputs } = simulate(model, inputs, {
      dt: problem.dt,
      precision: problem.precision,
      conditions: problem.conditions,
    });
    return {
      model: standard.modelInUnits(model),
      inputs,
      conditions: problem.conditions,
      conditionLabels: labels,
      dt: problem.dt,
      prediction: problem.head ? problem.head.predict(outputs, ownParams) : standard.inUnits(outputs),
      ownParams,
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
      })),
      status,
      provenance: made,
    };
  };
  while (alive.length > 0) {
    const until = Math.min(steps, alive[0].made < 0 ? stage : alive[0].made + stage);
    for (const run of alive) {
      try {
        while (run.status === "running" && run.made < until) {
          const { value: snapshot, done } = await run.steps.next();
          if (done || !snapshot) break;
          if (run.made >= 0) total++;
          run.made = snapshot.step;
          if (snapshot.status === "diverged") run.status = "diverged";
          else if (!run.best || snapshot.evaluation.validationLoss < run.best.evaluation.validationLoss)
            run.best = snapshot;
          if (snapshot.status === "aborted") run.status = "aborted";
          else if (snapshot.status === "exhausted" || snapshot.status === "converged") run.status = "finished";
          if (run.made % 10 === 0 && run.best) yield now("running");
        }
      } catch (error) {
        if (!(error instanceof LtrnnError) || run.made < 0) throw error; // before its first update nothing has diverged: the call is wrong
        [run.status, trouble] = ["diverged", error];
      }
    }
    alive = alive
      .filter((run) => run.status === "running")
      .sort((p, q) => p.best!.evaluation.validationLoss - q.best!.evaluation.validationLoss);
    for (const run of alive.splice(Math.ceil(alive.length / 2))) run.status = "dropped";
  }
  if (!runs.some((run) => run.best)) throw trouble;
  yield now(runs.some((run) => run.status === "aborted") ? "aborted" : "finished");
}

/**
 * Fit an ltrRNN to activity recorded over learning: `tau dx/dt = -x + W^(k) phi(x) + W_in u + b` with `W^(k) = sum_r c_r(k) a_r b_r'`, trial factors smooth
 * over trials (a Gaussian process, whitened), and initial states and inputs that differ between conditions. Neurons are a linear readout of the rates with a
 * bias, the rates themselves, or what a head makes of them. Half the mean squared error over the mask, or a loss of one's own, is made small; the step with the lowest
 * loss over `validation` is kept.
 *
 * @param activity - (trials × time × neurons), in the order the trials took place; one Euler step per bin
 * @param rank - number of components of the weight tensor
 * @throws {@link LtrnnError} when shapes or labels disagree, an observed entry is not finite, masks overlap, or threads are wanted where there can be none
 * @remarks O(updates · trials · time · units · (rank + inputs + neurons)). A start that diverges is listed in `starts` and left.
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

/** Updates of all starts together: every stage moves those still there, and drops the worse half. */
function plannedSteps(starts: number, steps: number, stage: number): number {
  let total = 0;
  for (let done = 0, alive = starts; done < steps; done += stage, alive = Math.ceil(alive / 2))
    total += alive * Math.min(stage, steps - done);
  return total;
}
