import { pick, type Part } from "../parts";
import { mapParams, type Params, type Tensor } from "../tensor";
import type { FitProblem } from "./fit-problem";

/** Terms added to the loss, with their gradients in the parameters. */
export interface Penalty {
  readonly value: number;
  readonly gradients: Params;
}

/**
 * The penalties of all parts, and minus the logarithm of their priors, weighed by the variance of the activity's noise
 * over the number of observed entries: with a mean squared error, the parameters of least loss are those of the largest
 * posterior.
 */
export function partPenalty(problem: FitProblem, params: Params): Penalty | undefined {
  const { priorWeight, priorMeans, penaltyWeight } = problem;
  const terms = partsWithEnergies(problem).flatMap(([{ prior, penalty }, names]) => [
    ...(prior && priorWeight > 0 ? [weighed(priorWeight, prior(about(pick(params, names), priorMeans)))] : []),
    ...(penalty && penaltyWeight > 0 ? [weighed(penaltyWeight, penalty(pick(params, names)))] : []),
  ]);
  if (terms.length === 0) return undefined;
  return terms.reduce((sum, term) => ({
    value: sum.value + term.value,
    gradients: { ...term.gradients, ...withPenalty(sum.gradients, term.gradients) },
  }));
}

type Energies = Pick<Part<Params, Tensor>, "prior" | "penalty">;

/** The parts of a fit that may have a prior or a penalty, and the names of their parameters. */
export const partsWithEnergies = ({
  inputs,
  trialFactors,
  initialStates,
  rank,
}: Pick<FitProblem, "inputs" | "trialFactors" | "initialStates" | "rank">): readonly (readonly [
  Energies,
  readonly string[],
])[] => [
  [inputs.model, inputs.names],
  [trialFactors, Object.keys(trialFactors.start(rank))],
  [initialStates, Object.keys(initialStates.start(0, 1))],
];

/** Parameters less the means of their priors, where these are not 0. */
const about = (params: Params, means: Params): Params =>
  mapParams(params, (data, name) => {
    const mean = means[name]?.data;
    return mean ? data.map((x, i) => x - mean[i]) : data;
  });

const weighed = (weight: number, [value, gradients]: readonly [number, Params]): Penalty => ({
  value: weight * value,
  gradients: mapParams(gradients, (data) => data.map((x) => weight * x)),
});

/** Gradients of the loss with those of what is added to it. */
export function withPenalty(gradients: Params, penalty: Params): Params {
  const sum: Record<string, Tensor | undefined> = { ...gradients };
  for (const [name, p] of Object.entries(penalty)) {
    const g = sum[name];
    if (g && p) sum[name] = { shape: g.shape, data: g.data.map((x, i) => x + p.data[i]) };
  }
  return sum;
}
