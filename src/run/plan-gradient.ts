import { fail, readOptions, type FieldsOf } from "../base";
import {
  countTargets,
  isCustom,
  lossAt,
  lossParamsOf,
  readLoss,
  readTargets,
  type Counts,
  type EntryLoss,
  type Loss,
  type LossDescription,
  type LossName,
} from "../losses";
import type { Network } from "../models";
import type { Params } from "../tensor";
import { batchFields, type Batch } from "./batch";
import { planOf, seenShape, type Plan } from "./plan";
import { planPenalty, ratePenaltyFields, type RatePenalty } from "./rate-penalty";
import { dynamicsFields, type Observed, type RunOptions } from "./run-options";

/** How to run the network that learns; which trials are which is the batch's to say. */
export interface LossOptions extends Omit<RunOptions, "trials" | "conditions" | keyof Observed> {
  /** a loss, or the name or the description of one; default half the mean squared error */
  readonly loss?: Loss | LossDescription | LossName | undefined;
  /**
   * what is added to the loss for the size of rates, up to the last step of a trial that the masks know of; default
   * nothing
   */
  readonly ratePenalty?: RatePenalty | undefined;
}

const lossFields = () =>
  ({
    ...dynamicsFields,
    loss: { is: "checked", check: readLoss },
    ratePenalty: { is: "record", of: ratePenaltyFields },
  }) as const satisfies FieldsOf<LossOptions>;

/** Batch, run and loss of a gradient, checked, with their defaults. */
export interface GradientPlan {
  readonly batch: Batch;
  readonly plan: Plan;
  readonly loss: Loss;
  /** with a loss of entries */
  readonly counts?: Counts;
}

/**
 * @param counted - the entries of targets and masks that an earlier call has checked and counted, where they are the
 * same, with a mask among them
 */
export function planGradient(
  where: string,
  model: Network,
  given: Batch,
  options: LossOptions | undefined,
  counted?: Counts,
): GradientPlan {
  const read = readOptions<LossOptions, ReturnType<typeof lossFields>>(where, options, lossFields()),
    { inputs, trials, conditions, observed, observedMask, ...targets } = readOptions<
      Batch,
      ReturnType<typeof batchFields>
    >(where, given, batchFields(), "batch"),
    loss = readLoss(where, "loss", read.loss);
  const gain = isCustom(loss) ? 1 : (loss.gain ?? 1),
    run = planOf(where, model, inputs, { ...read, trials, conditions, observed, observedMask }, gain),
    batch = {
      inputs,
      ...(counted ? targets : readTargets(where, targets)),
      trials,
      conditions,
      observed,
      observedMask,
    },
    { l1 = 0, l2 = 0 } = read.ratePenalty ?? {},
    size = [run.trials, run.steps, model.units] as const,
    plan: Plan = { ...run, ratePenalty: planPenalty({ l1, l2 }, [batch.mask, batch.validation], size) };
  if (isCustom(loss)) return { batch, plan, loss };
  checkPlantless(where, loss, plan);
  checkOutputs(where, loss, run.outputs);
  return { batch, plan, loss, counts: counted ?? countTargets(where, batch, seenShape(plan), loss) };
}

function checkPlantless(where: string, { kind, targets, gain = 1 }: EntryLoss, { plant }: Plan): void {
  if (plant && (targets === "counts" || gain !== 1))
    fail(where, {
      expected: `no plant with a loss of the kind ${kind}`,
      got: "a plant, whose states are not counts",
      fix: "Leave the plant out, or take the mean squared error.",
    });
}

/** Refuse a loss that has numbers for other outputs. */
function checkOutputs(where: string, { kind, outputs }: EntryLoss, count: number): void {
  if (outputs !== undefined && outputs !== count)
    fail(where, {
      expected: `a loss with numbers for ${count} outputs`,
      got: `one of the kind ${kind} with numbers for ${outputs}`,
      fix: "Give dispersion, or logDispersion where it is learned, one number for each output, or one for all.",
    });
}

/** What of the loss among the options trains along, and the loss with that elsewhere. */
export function learnedLossOf(where: string, options: LossOptions | undefined) {
  const loss = readLoss(where, "loss", options?.loss),
    params = lossParamsOf(loss);
  return { params, at: (now: Params): Loss => lossAt(loss, now) };
}
