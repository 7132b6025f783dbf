import { fail, inNameOf, isRecord, show } from "../base";
import type { GradientTransform, Update, UpdateContext } from "../optim";
import type { Params } from "../tensor";
import type { AsyncObjective, Objective } from "./objective";
import type { Snapshot } from "./snapshot";

/** The context that an optimizer gets of the objective. */
export function contextOf<P extends Params>(
  { curvature }: Objective<P> | AsyncObjective<P>,
  loss: number,
  evaluate: UpdateContext["evaluate"],
  step: number,
): UpdateContext {
  return { loss, evaluate, ...(curvature ? { curvature: (params: Params) => curvature(params as P, step) } : {}) };
}

/** The update of the optimizer at a state; its errors are thrown in the name of train. */
export async function updateOf(
  optimizer: GradientTransform,
  { evaluation, memory, params }: Pick<Snapshot, "evaluation" | "memory" | "params">,
  context: UpdateContext,
): Promise<Update<unknown>> {
  const update = await inNameOf("train", () => optimizer.update(evaluation.gradients, memory, params, context));
  if (!Array.isArray(update) || update.length < 2 || update.length > 3 || !isEnding(update[2]))
    fail("train", {
      expected: `the update of ${optimizer.name} to be [updates, memory]`,
      got: Array.isArray(update) && update.length === 3 ? `an ending that is ${show(update[2])}` : show(update),
      fix: "Return the updates by the names of the parameters, and the memory for the next step.",
    });
  return update as Update<unknown>;
}

const endings: readonly unknown[] = ["converged", "exhausted", "diverged"];
const isEnding = (value: unknown): boolean =>
  value === undefined || (isRecord(value) && endings.includes(value.status) && typeof value.reason === "string");
