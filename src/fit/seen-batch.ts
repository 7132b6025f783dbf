import { isCustom, type Counts } from "../losses";
import type { Batch } from "../run";
import { select, type Tensor3 } from "../tensor";
import { pickTrials } from "../train";
import { overAllTrials } from "./draws";
import type { FitProblem } from "./fit-problem";
import { observedOf } from "./observed-of";
import { observedCount, unseenTrials } from "./read-masks";

/** The batch of every evaluation that draws nothing, but for the inputs. */
export interface SeenBatch {
  with(inputs: Tensor3): Batch;
  /** from gradients in the inputs of the batch to those in all inputs */
  spread(inputGradients: Tensor3): Tensor3;
  /** entries that the losses are means over */
  readonly counts: Counts;
}

/**
 * The trials with an entry in a mask: the others affect neither loss nor gradients, and are not simulated. A custom
 * loss sees all trials.
 */
export function seenBatch(problem: FitProblem): SeenBatch {
  const { activity, train, validation, initialStates, loss } = problem,
    all: Omit<Batch, "inputs"> = {
      targets: activity,
      mask: train,
      ...(validation ? { validation } : {}),
      conditions: initialStates.rows,
      ...observedOf(problem),
    },
    counts = { observed: observedCount(train), validated: validation ? observedCount(validation) : 0 },
    trials = isCustom(loss) ? undefined : seenTrials(train, validation);
  if (!trials) return { with: (inputs) => ({ inputs, ...all }), spread: (gradients) => gradients, counts };
  const [count] = train.shape,
    some = pickTrials({ ...all, trials: Array.from({ length: count }, (_, k) => k) } as unknown as Batch, trials);
  let last: { readonly of: Tensor3; readonly inputs: Tensor3 } | undefined; // known inputs are always the same
  return {
    with(inputs) {
      if (last?.of !== inputs) last = { of: inputs, inputs: select(inputs, 0, trials) };
      return { ...some, inputs: last.inputs };
    },
    spread: (gradients) => overAllTrials(gradients, trials, count),
    counts,
  };
}

/** Trials with an entry in one of the masks; undefined: all. */
function seenTrials(train: Tensor3, validation: Tensor3 | undefined): readonly number[] | undefined {
  const held = validation && new Set(unseenTrials(validation)),
    unseen = new Set(unseenTrials(train).filter((trial) => !held || held.has(trial)));
  if (unseen.size === 0) return undefined;
  return Array.from({ length: train.shape[0] }, (_, k) => k).filter((k) => !unseen.has(k));
}
