import { provenance, type Provenance } from "../base";
import { checkSameShape, type Tensor3 } from "../tensor";
import { varianceExplained } from "./hold-out";

/** A prediction that knows nothing of dynamics: what a model has to beat. */
export interface Baseline {
  /** (trials × time × neurons), for every entry */
  readonly prediction: Tensor3;
  /** what was chosen on the validation set, or null where nothing was */
  readonly chosen: number | null;
  readonly provenance: Provenance;
}

export interface BaselineOptions {
  /** entries to learn from, 1 in and 0 out */
  readonly train: Tensor3;
  /** a label per trial; absent: all trials are of one condition */
  readonly conditions?: readonly number[];
}

/** The prediction among several choices that explains the validation set best. */
export function bestOf(
  by: string,
  activity: Tensor3,
  train: Tensor3,
  validation: Tensor3,
  choices: readonly number[],
  predict: (choice: number) => Tensor3,
): Baseline {
  checkSameShape(by, "validation", validation, activity.shape);
  const tried = choices.map((choice) => ({ choice, prediction: predict(choice) }));
  const scored = tried.map((one) => ({
    ...one,
    score: varianceExplained(activity, one.prediction, { train, over: validation }),
  }));
  const best = scored.reduce((a, b) => (b.score > a.score ? b : a));
  return {
    prediction: best.prediction,
    chosen: best.choice,
    provenance: provenance(by, null, { choices: [...choices] }),
  };
}
