import { pick, type Part } from "../parts";
import type { Params, Tensor } from "../tensor";
import type { FitProblem } from "./fit-problem";

/** What is added to the loss, beside its gradient in the parameters. */
export interface Penalty {
  readonly value: number;
  readonly gradients: Params;
}

/**
 * Minus the logarithm of the priors of all parts, weighed by the variance of the activity's noise over the number of
 * observed entries: with a mean squared error, the parameters of least loss are those of the largest posterior.
 */
export function priorPenalty(
  { inputs, trialFactors, initialStates, priorWeight, rank }: FitProblem,
  params: Params,
): Penalty | undefined {
  if (priorWeight === 0) return undefined;
  const parts: readonly (readonly [Pick<Part<Params, Tensor>, "prior">, readonly string[]])[] = [
    [inputs.model, inputs.names],
    [trialFactors, Object.keys(trialFactors.start(rank))],
    [initialStates, Object.keys(initialStates.start(0, 1))],
  ];
  let value = 0;
  const gradients: Record<string, Tensor> = {};
  for (const [part, names] of parts) {
    if (!part.prior) continue;
    const [energy, gradient] = part.prior(pick(params, names));
    value += priorWeight * energy;
    for (const [name, g] of Object.entries(gradient))
      if (g) gradients[name] = { shape: g.shape, data: g.data.map((x) => priorWeight * x) };
  }
  return { value, gradients };
}

/** Gradients of the loss with those of what is added to it. */
export function withPenalty(gradients: Params, penalty: Params): Params {
  const sum: Record<string, Tensor | undefined> = { ...gradients };
  for (const [name, p] of Object.entries(penalty)) {
    const g = sum[name];
    if (g && p) sum[name] = { shape: g.shape, data: g.data.map((x, i) => x + p.data[i]) };
  }
  return sum;
}
