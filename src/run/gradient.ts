import { provenance, type Provenance } from "../base";
import { describePlant } from "../kernels";
import { describeLoss, type Overflow } from "../losses";
import type { Network } from "../models";
import { indexOf, type Params, type Tensor, type Tensor3 } from "../tensor";
import type { GradientPart } from "./gradient-part";
import { namedGradients } from "./named-gradients";
import type { GradientPlan } from "./plan-gradient";

/** A loss and its exact gradients. */
export interface LossAndGradient<M extends Network = Network> {
  /** over the observed entries, with the penalty of the rates where there is one */
  readonly loss: number;
  /** what of the loss is a penalty of the rates, where one was asked for */
  readonly penalty?: number;
  /** over the validation entries, where the batch has any */
  readonly validationLoss?: number;
  /** dL/dp for every parameter p of the model, in its shape */
  readonly gradients: M["params"];
  /** dL/du (trials × time × inputs) */
  readonly inputGradients: Tensor3;
  /** in the parameters of the loss */
  readonly customGradients?: Params;
  readonly provenance: Provenance;
}

/** The part that all trials make, as a result: gradients by the names of the parameters; or where one overflowed. */
export function resultOf<M extends Network>(
  where: string,
  model: M,
  { batch: { mask }, plan: { dt, integrator, precision, noise, plant, ratePenalty }, loss }: GradientPlan,
  { run, values, inputGradients, kernels }: GradientPart,
  threads = 1,
): LossAndGradient<M> | Overflow {
  const gradients = namedGradients(model, run),
    overflow = gradientOverflow({ ...(gradients as Params), inputs: inputGradients });
  if (overflow) return overflow;
  const options = {
      dt,
      integrator,
      precision,
      noise,
      plant: describePlant(plant),
      loss: describeLoss(loss),
      ...(ratePenalty ? { ratePenalty: { l1: ratePenalty.l1, l2: ratePenalty.l2 } } : {}),
    },
    facts = { kernels, threads, masked: mask !== undefined };
  return { ...values, gradients, inputGradients, provenance: provenance(where, noise?.seed ?? null, options, facts) };
}

/** The first gradient that is not finite, though the loss was. */
function gradientOverflow(gradients: Params): Overflow | undefined {
  for (const [name, g] of Object.entries(gradients)) {
    const bad = g ? firstNonFinite(g) : -1;
    if (!g || bad < 0) continue;
    const got = `${g.data[bad]} at index [${indexOf(g.shape, bad).join(", ")}]`;
    return {
      divergence: { reason: `the gradient in ${name} became ${got}` },
      failure: {
        expected: `finite gradients in ${name}`,
        got,
        fix: "Take weaker weights, fewer time steps, or a smaller learning rate if this came up in training.",
      },
    };
  }
  return undefined;
}

function firstNonFinite({ data }: Tensor): number {
  let sum = 0;
  for (let i = 0; i < data.length; i++) sum += data[i] - data[i];
  return sum === 0 ? -1 : data.findIndex((value) => !Number.isFinite(value));
}
