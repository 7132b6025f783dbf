import { checkWhole, fail, isRecord, show } from "../base";
import { zeros, type Params, type Tensor3 } from "../tensor";
import type { Evaluation } from "../optim";
import type { Snapshot } from "./snapshot";
import { checkTrainable, type Trainable } from "./trainable";

/** Weights over learning. */
export interface WeightRecord<S> {
  /** W^(k), (units × units × snapshots), row = postsynaptic */
  readonly weights: Tensor3;
  /** updates made before each snapshot */
  readonly steps: readonly number[];
  readonly losses: readonly number[];
  readonly last: S;
}

/**
 * Run training to its end and stack the recurrent weights of every snapshot into the weight tensor. A snapshot at the
 * same step as the one before replaces it, as the last of a run that diverged and the first of a resumed one do.
 *
 * @param run - snapshots from `train`; its option `every` sets how many
 * @param model - the model they belong to
 * @param trial - which trial's weights, for models whose weights differ between trials; default 0
 * @throws {@link LtrnnError} when the run yields nothing, or items that are not snapshots of this model
 * @remarks Memory 8 units² bytes a snapshot, twice that while they are stacked.
 * @example (await recordWeights(train(networkObjective(FullRankRNN.random({ units: 5, inputs: 1, outputs: 1 }, 1),
 * { inputs: zeros([2, 9, 1]), targets: zeros([2, 9, 1]) }), { w: zeros([5, 5]) }, { steps: 3 }),
 * FullRankRNN.random({ units: 5, inputs: 1, outputs: 1 }, 1))).weights.shape // [5, 5, 1]
 */
export async function recordWeights<S extends Snapshot<Params, Evaluation>>(
  run: AsyncIterable<S> | Iterable<S>,
  model: Trainable,
  trial = 0,
): Promise<WeightRecord<S>> {
  checkRun("recordWeights", run);
  checkTrainable("recordWeights", model);
  checkWhole("recordWeights", "trial", trial, 0, (model.trials ?? Infinity) - 1);
  const slices: Float64Array[] = [],
    steps: number[] = [],
    losses: number[] = [];
  let last: S | undefined;
  for await (const now of run) {
    checkSnapshot("recordWeights", now);
    const row = last?.step === now.step ? slices.length - 1 : slices.length;
    slices[row] = model.with({ params: now.params }).weights(trial).data;
    steps[row] = now.step;
    losses[row] = now.loss;
    last = now;
  }
  if (!last)
    fail("recordWeights", {
      expected: "a run that yields snapshots",
      got: "none",
      fix: "Hand over a fresh generator from train.",
    });
  return { weights: stacked(slices, model.units), steps, losses, last };
}

/** Matrices (units × units), side by side along the last mode. */
function stacked(slices: readonly Float64Array[], units: number): Tensor3 {
  const count = slices.length,
    out = zeros([units, units, count]);
  for (let k = 0; k < count; k++)
    for (let entry = 0; entry < slices[k].length; entry++) out.data[entry * count + k] = slices[k][entry];
  return out;
}

/** Refuse what is not a run, in the name of `where`. */
export function checkRun(where: string, run: unknown): void {
  const { [Symbol.asyncIterator]: steps, [Symbol.iterator]: items } = Object(run ?? {}) as Partial<
    AsyncIterable<unknown> & Iterable<unknown>
  >;
  if (typeof run === "string" || (typeof steps !== "function" && typeof items !== "function"))
    fail(where, {
      expected: "run to be a stream or an array of snapshots",
      got: show(run),
      fix: `Pass what train gives: ${where}(train(objective, params), model).`,
    });
}

/** Refuse what is not a snapshot, in the name of `where`. */
export function checkSnapshot(where: string, now: unknown): void {
  if (!isRecord(now) || !isRecord(now.params) || typeof now.step !== "number" || typeof now.loss !== "number")
    fail(where, {
      expected: "snapshots { step, loss, params, … }",
      got: show(now),
      fix: `Pass what train gives: ${where}(train(objective, params), model).`,
    });
}
