import { fail, provenance, readOptions, type FieldsOf, type Provenance } from "../base";
import { describePlant } from "../kernels";
import { describeLoss, isCustom, readLoss } from "../losses";
import type { Network } from "../models";
import { checkTensor } from "../tensor";
import { batchFields, type Batch } from "./batch";
import { lossOnPanels } from "./loss-and-gradient";
import { orThrow } from "./overflow";
import { planGradient, type LossOptions } from "./plan-gradient";
import { dynamicsFields } from "./run-options";
import { runPanels } from "./run-panels";

/** How to run the network: as for {@link lossAndGradient}, without penalties. */
export type TrialLossOptions = Omit<LossOptions, "ratePenalty">;

const fields = () =>
  ({ ...dynamicsFields, loss: { is: "checked", check: readLoss } }) as const satisfies FieldsOf<TrialLossOptions>;

/** The loss of a network on a task, for the weights of each of its trials. */
export interface TrialLosses {
  /** one for every trial of the model's weights, or one where all trials share theirs */
  readonly losses: readonly number[];
  readonly provenance: Provenance;
}

/**
 * The loss on a whole batch with the weights of each trial of the model in turn: for a network of low tensor rank a
 * curve over learning, to compare with the losses of the network that learned; for any other network one number.
 *
 * @param batch - all trials of the task; which weights they run with is what is varied, so it has no `trials`
 * @throws {@link LtrnnError} as lossAndGradient, and for a batch that names its trials
 * @remarks A forward pass of the batch for every trial of the model.
 * @example trialLosses(LowTensorRankRNN.random({ units: 5, inputs: 1, outputs: 1, rank: 1, trials: 3 }, 1),
 * { inputs: zeros([2, 9, 1]), targets: zeros([2, 9, 1]) }).losses // [0, 0, 0]
 */
export function trialLosses(model: Network, batch: Batch, options?: TrialLossOptions): TrialLosses {
  const where = "trialLosses";
  const read = readOptions<TrialLossOptions, ReturnType<typeof fields>>(where, options, fields()),
    trials = checkedTrials(where, batch);
  const planOf = (trial: number) =>
    planGradient(
      where,
      model,
      model?.trials === undefined ? batch : { ...batch, trials: trials.map(() => trial) },
      read,
    );
  const first = planOf(0),
    { plan } = first;
  const losses = Array.from({ length: model.trials ?? 1 }, (_, trial) => {
    const now = trial === 0 ? first : planOf(trial),
      loss = orThrow(where, lossOnPanels(where, model, now)),
      { masked, validated } = loss;
    if (isCustom(now.loss)) return loss.read().loss; // it has run the batch itself
    const run = runPanels(where, model, now.batch.inputs, now.plan, {
      masked,
      validated,
      see: (panel) => loss.see(panel) ?? "next",
    });
    orThrow(where, run);
    return loss.read().loss;
  });
  const { dt, integrator, precision, noise, plant } = plan,
    described = { dt, integrator, precision, noise, plant: describePlant(plant), loss: describeLoss(first.loss) };
  return { losses, provenance: provenance(where, noise?.seed ?? null, described) };
}

/** The trials of a batch that does not say which weights they take. */
function checkedTrials(where: string, batch: Batch): readonly number[] {
  const { inputs, trials } = readOptions<Batch, ReturnType<typeof batchFields>>(where, batch, batchFields(), "batch");
  if (trials !== undefined)
    fail(where, {
      expected: "a batch without trials, which runs with the weights of every trial in turn",
      got: "one that names them",
      fix: "Leave trials out of the batch.",
    });
  checkTensor(where, "batch.inputs", inputs, 3);
  return Array.from({ length: inputs.shape[0] }, (_, trial) => trial);
}
