import { checkWhole, fail, readOptions, type FieldsOf } from "../base";
import { tuckerStream, type TuckerStreamOptions, type TuckerStreamResult } from "../decompose";
import type { Evaluation } from "../optim";
import { subtract, type Matrix, type Params } from "../tensor";
import { checkRun, checkSnapshot } from "./record-weights";
import type { Snapshot } from "./snapshot";
import { checkTrainable, type Trainable } from "./trainable";

export interface RecordOptions extends TuckerStreamOptions {
  /** which trial's weights, for models whose weights differ between trials; default 0 */
  readonly trial?: number;
}

/** Weight changes over learning, compressed. */
export interface ChangeRecord<S> {
  /** W of the first snapshot, (units × units) */
  readonly initial: Matrix;
  /** W^(k) - initial, (units × units × snapshots), as a Tucker decomposition with the bound of its error */
  readonly changes: TuckerStreamResult;
  /** updates made before each snapshot */
  readonly steps: readonly number[];
  readonly losses: readonly number[];
  readonly last: S;
}

const table = {
  trial: { is: "whole number", least: 0, fallback: 0 },
  seed: { is: "seed", fallback: 0 },
  relativeError: { is: "number", above: 0, below: 1, fallback: 0.01 },
  mostRank: { is: "whole number", least: 1, fallback: 9007199254740991 },
} as const satisfies FieldsOf<RecordOptions>;

/**
 * Run training to its end and compress the changes of its recurrent weights snapshot by snapshot, with {@link
 * tuckerStream}: a run of any length takes the memory of a few matrices. The option `every` of `train` sets how many
 * snapshots there are; as in {@link recordWeights}, one at the step of the one before replaces it.
 *
 * @param run - snapshots from `train`
 * @param model - the model they belong to
 * @throws {@link LtrnnError} when the run yields nothing, or items that are not snapshots of this model
 * @remarks Memory O(units · rank + rank³ + snapshots · rank) beside the current snapshot.
 * @example (await recordChanges(train(networkObjective(FullRankRNN.random({ units: 5, inputs: 1, outputs: 1 }, 1),
 * { inputs: zeros([2, 9, 1]), targets: zeros([2, 9, 1]) }), { w: zeros([5, 5]) }, { steps: 3 }),
 * FullRankRNN.random({ units: 5, inputs: 1, outputs: 1 }, 1))).steps // [0]
 */
export async function recordChanges<S extends Snapshot<Params, Evaluation>>(
  run: AsyncIterable<S> | Iterable<S>,
  model: Trainable,
  options: RecordOptions = {},
): Promise<ChangeRecord<S>> {
  const { trial, ...compression } = readOptions("recordChanges", options, table);
  checkRun("recordChanges", run);
  checkTrainable("recordChanges", model);
  checkWhole("recordChanges", "trial", trial, 0, (model.trials ?? Infinity) - 1);
  const stream = tuckerStream([model.units, model.units], compression),
    steps: number[] = [],
    losses: number[] = [];
  let initial: Matrix | undefined, last: S | undefined;
  for await (const now of run) {
    checkSnapshot("recordChanges", now);
    if (last && last.step !== now.step) keep(last);
    last = now;
  }
  if (!last)
    fail("recordChanges", {
      expected: "a run that yields snapshots",
      got: "none",
      fix: "Hand over a fresh generator from train.",
    });
  keep(last);
  return { initial: initial as unknown as Matrix, changes: stream.result(), steps, losses, last };

  function keep({ params, step, loss }: S): void {
    const weights = model.with({ params }).weights(trial) as Matrix;
    initial ??= { shape: weights.shape, data: weights.data.slice() };
    stream.append(subtract(weights, initial));
    steps.push(step);
    losses.push(loss);
  }
}
