import { defined, fail, failingAs, readOptions, type Field } from "../base";
import {
  conditionMean,
  reducedRankKernel,
  smoothedConditionMean,
  trialPca,
  type Baseline,
  type ChoosingOptions,
} from "../baselines";
import { checkLabels } from "../masks";
import { linearDynamics, maskedCp, sliceComponents } from "../rivals";
import { nearPairCeiling, unitMeans } from "../scores";
import type { Tensor, Tensor3 } from "../tensor";
import type { Candidate, Candidates, Specification } from "./candidate";

type Options = Readonly<Record<string, unknown>>;

/** The baseline itself checks the rest. */
const itsOwn: Field = { is: "checked", check: () => undefined };

function optionsOf(
  where: string,
  { options }: Specification,
  names: readonly string[],
  more: Readonly<Record<string, Field>> = {},
): Options {
  const table: Readonly<Record<string, Field>> = {
    conditions: { is: "checked", check: checkLabels },
    ...Object.fromEntries(names.map((name) => [name, itsOwn])),
    ...more,
  };
  const read = failingAs(where, () => readOptions<Options, typeof table>(where, options, table, "options"));
  return defined(read);
}

/** How a baseline is scored: see {@link CandidateFit}. */
const score: Field = { is: "name", of: ["variance", "poisson"] };

/** Predictions for a Poisson deviance, which must be above 0: at least a hundredth of each neuron's mean. */
function asCounts(prediction: Tensor3, data: Tensor3, train: Tensor3): Tensor3 {
  const means = unitMeans(data, train),
    least = (i: number) => Math.max(means[i % means.length] / 100 || 0, 1e-9);
  return { shape: prediction.shape, data: prediction.data.map((x, i) => Math.max(x, least(i))) };
}

function checkActivity(where: string, name: string, data: Tensor): void {
  if (data.shape.length !== 3)
    fail(where, {
      expected: `activity (trials × time × neurons) for ${name}`,
      got: `${data.shape.length} modes`,
      fix: "Pass activity.",
    });
}

/** A baseline as a candidate: it has no axes, since it chooses by validation itself. */
const baseline = (
  name: string,
  make: (activity: Tensor3, options: ChoosingOptions) => Baseline,
  names: readonly string[] = [],
): Candidate => ({
  axes: [],
  check(where, specification, data) {
    optionsOf(where, specification, names, { score });
    checkActivity(where, name, data);
  },
  fit(data, specification, { train, validation }) {
    const { score: kind, ...own } = optionsOf(name, specification, names, { score }),
      { prediction, chosen, status } = make(data as Tensor3, {
        ...own,
        train: train as Tensor3,
        validation: validation as Tensor3,
      }),
      facts = { chosen };
    if (kind !== "poisson") return { prediction, status, facts };
    return { prediction: asCounts(prediction, data as Tensor3, train as Tensor3), status, facts, score: kind };
  },
});

/** The ceiling from pairs of near trials of one condition, over all observed entries: facts, and no score. */
const ceiling: Candidate = {
  axes: [],
  whole: true,
  check(where, specification, data) {
    optionsOf(where, specification, ["within"]);
    checkActivity(where, "nearPairCeiling", data);
  },
  fit(data, specification, { train }) {
    const facts = nearPairCeiling(data as Tensor3, {
      ...optionsOf("nearPairCeiling", specification, ["within"]),
      mask: train as Tensor3,
    });
    return { status: "converged", facts: { ...facts } };
  },
};

/** The baselines and rivals of this library, as candidates. */
export const baselineCandidates = (): Candidates => ({
  conditionMean: baseline("conditionMean", conditionMean),
  smoothedConditionMean: baseline("smoothedConditionMean", smoothedConditionMean, ["widths"]),
  reducedRankKernel: baseline("reducedRankKernel", reducedRankKernel, ["widths", "ranks"]),
  trialPca: baseline("trialPca", trialPca, ["ranks", "tolerance", "passes"]),
  maskedCp: baseline("maskedCp", maskedCp, ["ranks", "passes", "seed"]),
  sliceComponents: baseline("sliceComponents", sliceComponents as never, ["ranks", "passes", "seed"]),
  linearDynamics: baseline("linearDynamics", linearDynamics, ["ranks", "passes", "seed"]),
  nearPairCeiling: ceiling,
});
