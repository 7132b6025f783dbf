import { fail, provenance, type FieldsOf, type Provenance, type Status } from "../base";
import { checkDisjoint, checkLabels, type Labels } from "../masks";
import { varianceExplainedIn } from "../scores";
import { checkFinite, checkMask, checkTensor3, type Tensor3 } from "../tensor";

/** A prediction without a model of the dynamics: what a model has to beat. */
export interface Baseline {
  /** (trials × time × neurons), for every entry */
  readonly prediction: Tensor3;
  /** what was chosen on the validation set, or null where nothing was */
  readonly chosen: number | null;
  /** "converged", or "exhausted" where passes ran out: then the baseline is weaker than it could be */
  readonly status: Status;
  readonly provenance: Provenance;
}

/** What every baseline takes, so that one record serves them all. */
export interface BaselineOptions {
  /** entries to learn from, 1 in and 0 out */
  readonly train: Tensor3;
  /**
   * entries to choose by, disjoint from `train`; default none. {@link conditionMean} chooses nothing: it only checks
   * that they are disjoint
   */
  readonly validation?: Tensor3;
  /** a label per trial, a number, text or boolean; absent: all trials are of one condition */
  readonly conditions?: Labels;
}

/** Options of baselines that choose: the validation set is needed. */
export type ChoosingOptions = BaselineOptions & { readonly validation: Tensor3 };

export const baselineFields = {
  train: { is: "checked", check: checkTensor3, needed: true },
  validation: { is: "checked", check: checkTensor3 },
  conditions: { is: "checked", check: checkLabels },
} as const satisfies FieldsOf<BaselineOptions>;

export const choosingFields = {
  train: { is: "checked", check: checkTensor3, needed: true },
  validation: { is: "checked", check: checkTensor3, needed: true },
  conditions: { is: "checked", check: checkLabels },
} as const satisfies FieldsOf<ChoosingOptions>;

/** Refuse activity and masks that do not fit together. */
export function checkBaseline(
  where: string,
  activity: Tensor3,
  { train, validation }: { readonly train: Tensor3; readonly validation?: Tensor3 | undefined },
): void {
  checkMask(where, "train", train, activity.shape, "activity");
  checkFinite(where, "activity", activity, train);
  if (!train.data.includes(1))
    fail(where, {
      expected: "at least one entry to learn from",
      got: "a mask train of zeros",
      fix: "Set train to 1 where activity is to be learned from.",
    });
  if (!validation) return;
  checkMask(where, "validation", validation, activity.shape, "activity");
  checkFinite(where, "activity", activity, validation);
  checkDisjoint(where, { train, validation });
}

/** The prediction among several choices that explains the validation set best. */
export function bestOf(
  by: string,
  activity: Tensor3,
  { train, validation }: { readonly train: Tensor3; readonly validation: Tensor3 },
  choices: readonly number[],
  predict: (choice: number) => { readonly prediction: Tensor3; readonly status: Status },
  settings: Readonly<Record<string, unknown>>,
): Baseline {
  const scored = [...new Set(choices)].map((choice) => {
    const { prediction, status } = predict(choice);
    return {
      choice,
      prediction,
      status,
      score: varianceExplainedIn(by, activity, prediction, { train, over: validation }),
    };
  });
  const best = scored.reduce((a, b) => (b.score > a.score ? b : a));
  return {
    prediction: best.prediction,
    chosen: best.choice,
    status: best.status,
    provenance: provenance(by, null, settings),
  };
}
