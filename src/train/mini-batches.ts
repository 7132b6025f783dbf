import { checkWhole, fail, random, readOptions, show, type FieldsOf } from "../base";
import { batchFields, type Batch } from "../run";
import { checkTensor, select, type Tensor, type Tensor3 } from "../tensor";
import { describeBatch } from "./describe-batch";
import { checkTrainable, type Trainable } from "./trainable";

/** How {@link miniBatches} chooses trials. */
export interface MiniBatchOptions {
  /** trials at each update, at most as many as there are */
  readonly size: number;
  /**
   * "shuffled": every trial once before any comes again, in an order drawn for each pass; "in turn": in their own
   * order; "drawn": a subset drawn anew at each update. Default "shuffled"
   */
  readonly order?: "shuffled" | "in turn" | "drawn";
  /** default 0 */
  readonly seed?: number;
}

/** A batch for each step, with a description that distinguishes it from others. */
export interface MiniBatches {
  (step: number): Batch;
  readonly description: { readonly kind: string; readonly [fact: string]: unknown };
}

const table = {
  size: { is: "whole number", least: 1, needed: true },
  order: { is: "name", of: ["shuffled", "in turn", "drawn"], fallback: "shuffled" },
  seed: { is: "seed", fallback: 0 },
} as const satisfies FieldsOf<MiniBatchOptions>;

/**
 * A few trials at each update, for `networkObjective`. `{ size: 1, order: "in turn" }` is one gradient step per trial.
 *
 * The trials of a step depend on the seed and the step alone, so a resumed run sees the same ones as a run that was
 * never stopped. The last batch of a pass is smaller where the size does not divide the number of trials.
 *
 * @param model - the network that trains: it says which of its rows belong to a trial
 * @param batch - all trials
 * @throws {@link LtrnnError} for a size that is not a number of trials, tensors that disagree in their number, and
 * unknown names
 * @remarks O(entries of the mini-batch) a step, and O(trials) a pass.
 * @example miniBatches(FullRankRNN.random({ units: 5, inputs: 1, outputs: 1 }, 1), { inputs: zeros([8, 9, 1]),
 * targets: zeros([8, 9, 1]) }, { size: 3 })(0).inputs.shape // [3, 9, 1]
 */
export function miniBatches(model: Trainable, batch: Batch, options: MiniBatchOptions): MiniBatches {
  const where = "miniBatches";
  checkTrainable(where, model);
  const { size, order, seed } = readOptions<MiniBatchOptions, typeof table>(where, options, table);
  const whole = wholeBatch(where, model, batch),
    trials = whole.inputs.shape[0];
  if (size > trials)
    fail(where, { expected: `a size of at most ${trials}, the trials there are`, got: show(size), fix: "Lower size." });
  const all = Array.from({ length: trials }, (_, trial) => trial),
    passes = Math.ceil(trials / size);
  let shuffled: { readonly pass: number; readonly trials: readonly number[] } | undefined; // that of the last step
  const trialsOf = (step: number): readonly number[] => {
    if (order === "drawn") return random(seed, `trials of update ${step}`).shuffled(all).slice(0, size);
    const pass = Math.floor(step / passes),
      first = (step % passes) * size;
    if (order === "shuffled" && shuffled?.pass !== pass)
      shuffled = { pass, trials: random(seed, `trials of pass ${pass}`).shuffled(all) };
    return (order === "shuffled" && shuffled ? shuffled.trials : all).slice(first, first + size);
  };
  const of = (step: number): Batch => {
    checkWhole(where, "step", step, 0);
    return pickTrials(whole, trialsOf(step));
  };
  const describe = () => ({ kind: "miniBatches", of: describeBatch(batch), size, order, seed });
  return Object.defineProperty(of, "description", { get: describe }) as unknown as MiniBatches;
}

/** The batch with an explicit index for every trial, and for its row of x0 where these differ between trials. */
function wholeBatch(where: string, model: Trainable, given: Batch): Batch {
  const batch = readOptions<Batch, ReturnType<typeof batchFields>>(where, given, batchFields(), "batch");
  checkTensor(where, "batch.inputs", batch.inputs, 3);
  const trials = batch.inputs.shape[0];
  for (const [name, x] of Object.entries(batch)) {
    if (x === undefined) continue;
    if (!Array.isArray(x)) checkTensor(where, `batch.${name}`, x as Tensor, 3);
    const count = Array.isArray(x) ? x.length : (x as Tensor).shape[0];
    if (count !== trials)
      fail(where, {
        expected: `${trials} trials in batch.${name}, as in batch.inputs`,
        got: String(count),
        fix: "Give every tensor and list one row per trial.",
      });
  }
  const inOrder = Array.from({ length: trials }, (_, trial) => trial);
  return {
    ...batch,
    trials: batch.trials ?? inOrder,
    conditions: batch.conditions ?? (model.params.x0.shape[0] === 1 ? undefined : inOrder),
  };
}

/** Some trials of a batch, in this order. */
export const pickTrials = (batch: Batch, trials: readonly number[]): Batch =>
  Object.fromEntries(
    Object.entries(batch).flatMap(([name, x]) => {
      if (x === undefined) return [];
      return [[name, Array.isArray(x) ? trials.map((trial) => x[trial]) : select(x as Tensor3, 0, trials)]];
    }),
  ) as unknown as Batch;
