import { fail, provenance, type Provenance } from "../base";
import type { Params, Tensor3 } from "../tensor";
import { planRun, type Batch, type Plan, type RunOptions } from "./batch";
import type { GradientPart } from "./gradient-part";
import { meanSquaredError, type Loss } from "./loss";
import type { Network } from "./network";
import { namedGradients } from "./output-gradients";

/** How to run the network that learns; which trials are which is the batch's to say. */
export interface LossOptions extends Omit<RunOptions, "trials" | "conditions"> {
  /** default half the mean squared error */
  readonly loss?: Loss;
}

/** A loss and its exact gradients. */
export interface LossAndGradient<M extends Network = Network> {
  /** over the observed entries */
  readonly loss: number;
  /** over those held out, where the batch has any */
  readonly heldOutLoss?: number;
  /** dL/dp for every parameter p of the model, in its shape */
  readonly gradients: M["params"];
  /** dL/du (trials × time × inputs) */
  readonly inputGradients: Tensor3;
  /** in the parameters that a loss of one's own brings along */
  readonly ownGradients?: Params;
  readonly provenance: Provenance;
}

/** What the run and the loss are, checked and with their defaults. */
export function planGradient(
  where: string,
  model: Network,
  batch: Batch,
  { loss = meanSquaredError, ...options }: LossOptions,
): { readonly plan: Plan; readonly loss: Loss } {
  const plan = planRun(
    where,
    model,
    batch.inputs,
    { ...options, trials: batch.trials, conditions: batch.conditions },
    loss.kind === "poisson" ? loss.gain : 1,
  );
  if (loss.kind === "poisson" && plan.plant)
    fail(where, {
      expected: "no plant with a Poisson loss",
      got: "a plant, whose states are not counts",
      fix: "Leave the plant out, or take the mean squared error.",
    });
  return { plan, loss };
}

/** The part that all trials make, as a result: gradients by the names of the parameters. */
export function finishGradient<M extends Network>(
  where: string,
  model: M,
  { mask }: Batch,
  { dt, integrator, precision, noise, plant }: Plan,
  loss: Loss,
  { run, seen, inputGradients, kernels }: GradientPart,
  threads = 1,
): LossAndGradient<M> {
  return {
    ...seen,
    gradients: namedGradients(model, run),
    inputGradients,
    provenance: provenance(where, noise?.seed ?? null, {
      dt,
      integrator,
      precision,
      kernels,
      threads,
      loss: loss.kind === "own" ? { kind: "own", name: loss.name } : loss,
      noise: noise ?? null,
      plant: plant !== undefined,
      masked: mask !== undefined,
    }),
  };
}
