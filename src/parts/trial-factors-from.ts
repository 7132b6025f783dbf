import { fail, failingAs, isRecord, show } from "../base";
import type { Labels } from "../masks";
import type { Params } from "../tensor";
import { fixedTrialFactors } from "./fixed-trial-factors";
import { freeTrialFactors } from "./free-trial-factors";
import type { TrialProcess } from "./gaussian-process";
import { gaussianTrialFactors, type TrialFactorOptions } from "./gaussian-trial-factors";
import type { PartDescription } from "./part";
import { piecewiseConstantTrialFactors } from "./piecewise-constant-trial-factors";
import { randomWalkTrialFactors, type RandomWalkOptions } from "./random-walk-trial-factors";
import type { TrialPrior } from "./trial-factors";

type Facts = Readonly<Record<string, unknown>>;

/** Every prior of the library, a row each: from what its description holds. */
const makers: Readonly<Record<string, (facts: Facts) => TrialPrior>> = {
  gaussianTrialFactors: ({ jitter, epochs, constants, basis, covariance, repeatedTimes: _, ...process }) =>
    gaussianTrialFactors(
      (covariance ?? process) as TrialProcess,
      { jitter, epochs, constants, basis } as TrialFactorOptions,
    ) as TrialPrior<Params>,
  randomWalkTrialFactors: ({ times, ...options }) =>
    randomWalkTrialFactors(times as readonly number[], options as RandomWalkOptions) as TrialPrior<Params>,
  piecewiseConstantTrialFactors: ({ blocks }) => piecewiseConstantTrialFactors(blocks as Labels) as TrialPrior<Params>,
  freeTrialFactors: ({ trials }) => freeTrialFactors(trials as number) as TrialPrior<Params>,
  fixedTrialFactors: ({ trials }) => fixedTrialFactors(trials as number) as TrialPrior<Params>,
};

/**
 * The prior of trial factors with this description, such as the one in the provenance of a fit: it has the same values
 * and gradients, to the bit.
 *
 * @throws {@link LtrnnError} when it is no description of one of the library's priors; a custom prior must be built
 * again by its own program
 * @example trialFactorsFrom(randomWalkTrialFactors([0, 1, 3]).description).trials // 3
 */
export function trialFactorsFrom(description: PartDescription): TrialPrior {
  const where = "trialFactorsFrom",
    kind: unknown = isRecord(description) ? description.kind : undefined;
  if (typeof kind !== "string" || !Object.hasOwn(makers, kind))
    fail(where, {
      expected: `a description { kind, … } of ${Object.keys(makers).join(", ")}`,
      got: typeof kind === "string" ? `the kind ${show(kind)}` : show(description),
      fix: "Pass the description of such a prior, or fit.provenance.facts.trialFactors.",
    });
  const { kind: _, ...facts } = description;
  return failingAs(where, () => makers[kind](facts));
}
