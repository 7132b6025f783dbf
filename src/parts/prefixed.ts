import type { Params } from "../tensor";
import type { TrialFactors } from "./trial-factors";

/** A record with every name after a prefix. */
export const prefixNames = (params: Params, prefix: string): Params =>
  Object.fromEntries(Object.entries(params).map(([name, x]) => [prefix + name, x]));

/** The entries of a record whose names have a prefix, without it. */
export const withoutPrefix = (params: Params, prefix: string): Params =>
  Object.fromEntries(
    Object.entries(params).flatMap(([name, x]) => (name.startsWith(prefix) ? [[name.slice(prefix.length), x]] : [])),
  );

/** Trial factors whose parameters have a prefix in their names, so that they may stand beside others. */
export function prefixed(factors: TrialFactors, prefix: string): TrialFactors {
  const { prior } = factors;
  const part = (params: Params) => {
    const [c, adjoint] = factors(withoutPrefix(params, prefix));
    return [c, (dc: typeof c) => prefixNames(adjoint(dc), prefix)] as const;
  };
  const ofPrior = prior && {
    prior: (params: Params) => {
      const [value, gradient] = prior(withoutPrefix(params, prefix));
      return [value, prefixNames(gradient, prefix)] as const;
    },
  };
  return Object.assign(part, {
    description: factors.description,
    trials: factors.trials,
    start: (rank: number) => prefixNames(factors.start(rank), prefix),
    ...ofPrior,
  });
}
