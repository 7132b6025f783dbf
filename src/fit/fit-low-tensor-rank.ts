import { LtrnnError, checkAbove, checkWhole, fail, last, provenance, type Provenance } from "../base";
import { adam, chain, clipByNorm, cosineDecay, type Transform } from "../optim";
import type { Activation, Precision } from "../kernels";
import { defaultSetting, simulate, type LowTensorRankRNN } from "../rnn";
import { checkFinite, checkSameShape, checkTensor, zeros, type Params, type Tensor3 } from "../tensor";
import { train, type Snapshot } from "../train";
import { fitObjective, inputsOf, type FitEvaluation, type FitProblem } from "./fit-objective";
import type { FreeParams } from "./free-params";
import { labelRows } from "./labels";
import { kernelMean } from "./condition-mean";
import { standardize, type Standard } from "./standardize";
import { drawFree } from "./start";
import { startFromMeans } from "./start-from-means";
import { trialCovariance, type TrialKernel } from "./trial-covariance";
import { gaussianTrialFactors } from "./trial-factors";

export interface FitOptions {
  /** 1 to fit, 0 to leave out (trials × time × neurons); absent: all. Entries under 0 are never read, unless `validation` has them */
  readonly mask?: Tensor3;
  /** entries to choose starts and the best step by; must not overlap the mask. Absent: the training loss chooses */
  readonly validation?: Tensor3;
  /** a label per trial: trials of one condition share initial state and learned inputs. Absent: all are of one */
  readonly conditions?: readonly number[];
  /** a label per trial: trial factors may jump between epochs. Absent: all are of one */
  readonly epochs?: readonly number[];
  /** known inputs (trials × time × inputs), or how many to learn per condition. Default 4 */
  readonly inputs?: Tensor3 | number;
  /** "linear": neurons are read from `units` rates, with a bias. "identity": neurons are the units. Default "linear" */
  readonly decoder?: "linear" | "identity";
  /** units of the network (default 64; with the identity decoder the neurons), time constant and Euler step in bins (defaults 2 and 1), activation (default tanh) */
  readonly network?: { readonly units?: number; readonly tau?: number; readonly dt?: number; readonly phi?: Activation };
  /** how smooth trial factors are; default a length of a fifth of the trials */
  readonly trialKernel?: TrialKernel;
  /** updates (default 300), random starts (default 2; the worse half is dropped after each fifth of the updates), optimizer (default Adam on a cosine, clipped) */
  readonly training?: { readonly steps?: number; readonly starts?: number; readonly optimizer?: Transform };
  /** what the states are computed in; default "float64" */
  readonly precision?: Precision;
  /** default 0 */
  readonly seed?: number;
  /** stops the fit, with status "aborted" */
  readonly signal?: AbortSignal;
}

/** How a start went. */
export interface FitStart {
  readonly seed: number;
  readonly steps: number;
  /** the lowest it reached, in the activity's unit squared */
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
  /** half the mean squared error over the training entries, at this step */
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

type Run = { readonly seed: number; readonly steps: AsyncGenerator<Snapshot<FreeParams & Params, FitEvaluation>>; best?: Snapshot<FreeParams & Params, FitEvaluation>; made: number; status: FitStart["status"] };

/**
 * The stepwise form of {@link fitLowTensorRank}: it yields the best fit so far, after every ten updates.
 *
 * @example (await last(fitLowTensorRankSteps(zeros([4, 6, 3]), 1, { decoder: "identity", training: { steps: 2, starts: 1 } }))).status // "finished"
 */
export async function* fitLowTensorRankSteps(activity: Tensor3, rank: number, options: FitOptions = {}): AsyncGenerator<LowTensorRankFit> {
  const { training: { steps = 300, starts = 2, optimizer = chain(clipByNorm(1), adam(cosineDecay(0.06, { steps, warmup: Math.min(10, steps - 1), floor: 0.02 }))) } = {}, seed = 0, signal } = options;
  checkWhole("fitLowTensorRank", "training.steps", steps, 1);
  checkWhole("fitLowTensorRank", "training.starts", starts, 1);
  checkAbove("fitLowTensorRank", "seed", seed, -Infinity);
  const { problem, draw, standard, labels, settings } = prepare(activity, rank, options);
  const objective = fitObjective(problem);
  const made = provenance("fitLowTensorRank", seed, { ...settings, training: { steps, starts, optimizer: optimizer.name } });
  const runs = Array.from({ length: starts }, (_, i): Run => ({ seed: seed + i, steps: train(objective, draw(seed + i), { optimizer, steps, every: 1, signal }), made: -1, status: "running" }));
  const stage = Math.ceil(steps / 5);
  let alive = runs, total = 0, trouble: unknown;
  const stepsAtMost = plannedSteps(starts, steps, stage);
  const now = (status: LowTensorRankFit["status"]): LowTensorRankFit => {
    const winner = runs.filter((run) => run.best).sort((p, q) => p.best!.evaluation.validationLoss - q.best!.evaluation.validationLoss)[0];
    const { evaluation: { model, validationLoss }, loss, params, step } = winner.best!;
    const unit = standard.scale ** 2, inputs = inputsOf(problem, params.u);
    return {
      model: standard.modelInUnits(model), inputs, conditions: problem.conditions, conditionLabels: labels, dt: problem.dt,
      prediction: standard.inUnits(simulate(model, inputs, { dt: problem.dt, precision: problem.precision, conditions: problem.conditions }).outputs),
      loss: loss * unit, validationLoss: validationLoss * unit, bestStep: step, steps: total, stepsAtMost,
      starts: runs.map((run) => ({ seed: run.seed, steps: Math.max(0, run.made), validationLoss: (run.best?.evaluation.validationLoss ?? Infinity) * unit, status: run.status })),
      status, provenance: made,
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
          else if (!run.best || snapshot.evaluation.validationLoss < run.best.evaluation.validationLoss) run.best = snapshot;
          if (snapshot.status === "aborted") run.status = "aborted";
          else if (snapshot.status === "exhausted" || snapshot.status === "converged") run.status = "finished";
          if (run.made % 10 === 0 && run.best) yield now("running");
        }
      } catch (error) {
        if (!(error instanceof LtrnnError) || run.made < 0) throw error; // before its first update nothing has diverged: the call is wrong
        [run.status, trouble] = ["diverged", error];
      }
    }
    alive = alive.filter((run) => run.status === "running").sort((p, q) => p.best!.evaluation.validationLoss - q.best!.evaluation.validationLoss);
    for (const run of alive.splice(Math.ceil(alive.length / 2))) run.status = "dropped";
  }
  if (!runs.some((run) => run.best)) throw trouble;
  yield now(runs.some((run) => run.status === "aborted") ? "aborted" : "finished");
}

/**
 * Fit an ltrRNN to activity recorded over learning: `tau dx/dt = -x + W^(k) phi(x) + W_in u + b` with `W^(k) = sum_r c_r(k) a_r b_r'`, trial factors smooth
 * over trials (a Gaussian process, whitened), and initial states and inputs that differ between conditions. Neurons are a linear readout of the rates with a
 * bias, or the rates themselves. Half the mean squared error over the mask is made small; the step with the lowest error over `validation` is kept.
 *
 * @param activity - (trials × time × neurons), in the order the trials took place; one Euler step per bin
 * @param rank - number of components of the weight tensor
 * @throws {@link LtrnnError} when shapes or labels disagree, an observed entry is not finite, or masks overlap
 * @remarks O(updates · trials · time · units · (rank + inputs + neurons)). A start that diverges is listed in `starts` and left.
 * @see Pellegrino, Cayco Gajic & Chadwick (2023), Low Tensor Rank Learning of Neural Dynamics, NeurIPS 36
 * @example (await fitLowTensorRank(zeros([4, 6, 3]), 1, { decoder: "identity", training: { steps: 2, starts: 1 } })).prediction.shape // [4, 6, 3]
 */
export async function fitLowTensorRank(activity: Tensor3, rank: number, options: FitOptions = {}): Promise<LowTensorRankFit> {
  return last(fitLowTensorRankSteps(activity, rank, options));
}

/** Updates of all starts together: every stage moves those still there, and drops the worse half. */
function plannedSteps(starts: number, steps: number, stage: number): number {
  let total = 0;
  for (let done = 0, alive = starts; done < steps; done += stage, alive = Math.ceil(alive / 2)) total += alive * Math.min(stage, steps - done);
  return total;
}

/** Checks, labels into rows, and the problem in standard units. */
function prepare(activity: Tensor3, rank: number, { mask, validation, conditions, epochs, inputs = 4, decoder = "linear", network: { units, tau = 2, dt = 1, phi = "tanh" } = {}, trialKernel, precision = "float64" }: FitOptions) {
  const where = "fitLowTensorRank";
  checkTensor(where, "activity", activity, 3);
  checkWhole(where, "rank", rank, 1);
  const [trials, steps, neurons] = activity.shape;
  if (decoder !== "linear" && decoder !== "identity") fail(where, { expected: 'decoder to be "linear" or "identity"', got: String(decoder), fix: "Name one of the two." });
  if (decoder === "identity" && units !== undefined && units !== neurons) fail(where, { expected: `${neurons} units, the neurons, with the identity decoder`, got: String(units), fix: "Leave units out, or take the linear decoder." });
  const size = units ?? (decoder === "identity" ? neurons : 64);
  checkWhole(where, "network.units", size, 1);
  const trainMask = mask ?? { shape: activity.shape, data: new Float64Array(activity.data.length).fill(1) };
  checkSameShape(where, "mask", trainMask, activity.shape);
  checkFinite(where, "activity", activity, trainMask);
  if (validation) {
    checkSameShape(where, "validation", validation, activity.shape);
    checkFinite(where, "activity", activity, validation);
    if (validation.data.some((v, at) => v !== 0 && trainMask.data[at] !== 0)) fail(where, { expected: "a validation mask disjoint from the training mask", got: "entries in both", fix: "Build both with holdOut, or pass the training mask as mask." });
  }
  const condition = labelRows(where, "conditions", conditions, trials), epoch = labelRows(where, "epochs", epochs, trials);
  const known = typeof inputs === "number" ? undefined : inputs;
  if (known) {
    checkTensor(where, "inputs", known, 3);
    if (known.shape[0] !== trials || known.shape[1] !== steps) fail(where, { expected: `inputs (${trials} × ${steps} × inputs)`, got: `(${known.shape.join(" × ")})`, fix: "Give each trial its inputs, or a number of inputs to learn." });
    checkFinite(where, "inputs", known);
  } else checkWhole(where, "inputs", inputs as number, 0);
  const kernel = { length: Math.max(1, trials / 5), ...trialKernel };
  const standard: Standard = standardize(where, activity, trainMask, decoder === "linear");
  const inputCount = known ? known.shape[2] : (inputs as number);
  const trialFactors = gaussianTrialFactors(trialCovariance(Array.from({ length: trials }, (_, k) => k), kernel, epoch.rows));
  const problem: FitProblem = { activity: standard.activity, train: trainMask, validation, conditions: condition.rows, inputs: known, trialFactors, setting: { ...defaultSetting, tau, phi }, dt, precision };
  const drawn = (seed: number) => drawFree({ trials, steps, units: size, rank, inputs: inputCount, conditions: condition.labels.length, neurons: decoder === "linear" ? neurons : undefined, learnsInputs: !known }, seed);
  const means = decoder === "identity" && !known ? startFromMeans(rowsOf(kernelMean(where, activity, trainMask, conditions, Infinity), condition.rows, condition.labels.length), inputCount, dt / tau, phi) : undefined;
  const draw = (seed: number): FreeParams => (means ? { ...drawn(seed), ...means, m: zeros([rank]) } : drawn(seed));
  const settings = { rank, decoder, inputs: known ? "known" : inputs, conditions: condition.labels.length, epochs: epoch.labels.length, network: { units: size, tau, dt, phi }, trialKernel: kernel, precision, masked: mask !== undefined, validated: validation !== undefined };
  return { problem, draw, standard, labels: condition.labels, settings };
}

/** One row per condition: that of its first trial, since all its trials have one prediction. */
function rowsOf(means: Tensor3, rows: readonly number[], count: number): Tensor3 {
  const [, steps, units] = means.shape, out = zeros([count, steps, units]), size = steps * units;
  for (let row = 0; row < count; row++) out.data.set(means.data.subarray(rows.indexOf(row) * size, (rows.indexOf(row) + 1) * size), row * size);
  return out;
}
