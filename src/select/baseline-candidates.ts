import { fail, failingAs, readOptions, type FieldsOf } from "../base";
import { conditionMean, smoothedConditionMean, trialPca, type Baseline, type BaselineOptions } from "../baselines";
import { checkLabels, type Labels } from "../masks";
import type { Tensor3 } from "../tensor";
import type { Candidate, Candidates, Specification } from "./candidate";

const fields = {
  conditions: { is: "checked", check: checkLabels },
} as const satisfies FieldsOf<{ readonly conditions?: Labels }>;

type Choosing = BaselineOptions & { readonly validation: Tensor3 };

/** A baseline as a candidate: it has no axes, and of options the conditions. */
const baseline = (name: string, make: (activity: Tensor3, options: Choosing) => Baseline): Candidate => ({
  axes: [],
  check(where, specification, data) {
    optionsOf(where, specification);
    if (data.shape.length !== 3)
      fail(where, {
        expected: `activity (trials × time × neurons) for ${name}`,
        got: `${data.shape.length} modes`,
        fix: "Pass activity.",
      });
  },
  fit(data, specification, { train, validation }) {
    const { prediction, chosen, status } = make(data as Tensor3, {
      train: train as Tensor3,
      validation: validation as Tensor3,
      ...optionsOf(name, specification),
    });
    return { prediction, status, facts: { chosen } };
  },
});

function optionsOf(where: string, { options }: Specification): { readonly conditions?: Labels } {
  const { conditions } = failingAs(where, () => readOptions(where, options, fields, "options"));
  return conditions === undefined ? {} : { conditions };
}

/** The baselines of this library, as candidates. */
export const baselineCandidates = (): Candidates => ({
  conditionMean: baseline("conditionMean", conditionMean),
  smoothedConditionMean: baseline("smoothedConditionMean", smoothedConditionMean),
  trialPca: baseline("trialPca", trialPca),
});
