import type { FieldsOf } from "../base";
import type { Targets } from "../losses";
import type { Tensor3 } from "../tensor";
import { observedFields, rowFields, type Observed } from "./run-options";

/** Trials to learn from. */
export interface Batch extends Targets, Observed {
  /** (trials × time × inputs) */
  readonly inputs: Tensor3;
  /** which trial of the model each is: rows of the trial factor; default 0, 1, 2, ... */
  readonly trials?: readonly number[] | undefined;
  /** which row of x0 each trial starts from; default the only row, or 0, 1, 2, ... */
  readonly conditions?: readonly number[] | undefined;
}

const checkedLater = { is: "checked", check: () => {} } as const;

/** What every key of a batch may be; tensors are checked where the sizes that they must have are known. */
export const batchFields = () =>
  ({
    inputs: { ...checkedLater, needed: true },
    targets: checkedLater,
    mask: checkedLater,
    validation: checkedLater,
    ...rowFields,
    ...observedFields,
  }) as const satisfies FieldsOf<Batch>;
