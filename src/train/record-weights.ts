import { fail } from "../base";
import { zeros, type Params, type Tensor3 } from "../tensor";
import type { Trainable } from "./network-objective";
import type { Evaluation, Snapshot } from "./train";

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
 * Run training to its end and stack the recurrent weights of every snapshot into the weight tensor.
 *
 * @param run - snapshots from `train`; its option `every` sets how many
 * @param model - the model they belong to
 * @param trial - which trial's weights, for models whose weights differ between trials
 * @throws {@link LtrnnError} when the run yields nothing
 * @remarks Memory 8 units² bytes a snapshot.
 */
export async function recordWeights<S extends Snapshot<Params, Evaluation>>(
  run: AsyncIterable<S> | Iterable<S>,
  model: Trainable,
  trial = 0,
): Promise<WeightRecord<S>> {
  const slices: Float64Array[] = [],
    steps: number[] = [],
    losses: number[] = [];
  let last: S | undefined;
  for await (const now of run) {
    slices.push(model.with({ params: now.params }).weights(trial).data);
    steps.push(now.step);
    losses.push(now.loss);
    last = now;
  }
  if (!last)
    fail("recordWeights", {
      expected: "a run that yields snapshots",
      got: "none",
      fix: "Hand over a fresh generator from train.",
    });
  const units = model.units,
    weights = zeros([units, units, slices.length]);
  slices.forEach((w, k) => w.forEach((value, at) => (weights.data[at * slices.length + k] = value)));
  return { weights, steps, losses, last };
}
