import { choosingFields, type ChoosingOptions } from "../baselines";
import type { FieldsOf } from "../base";

/** Options of rivals that are fitted pass by pass. */
export interface RivalOptions extends ChoosingOptions {
  /** ranks to choose from on the validation set; default 1, 2, 3, 5 and 8 */
  readonly ranks?: readonly number[];
  /** largest number of passes for each; default 200 */
  readonly passes?: number;
  /** seed of all draws; default 0 */
  readonly seed?: number;
}

/** A table of these options. */
export const rivalFields = () =>
  ({
    ...choosingFields,
    ranks: { is: "list", of: { is: "whole number", least: 1, most: 1000 }, fallback: [1, 2, 3, 5, 8] },
    passes: { is: "whole number", least: 1, fallback: 200 },
    seed: { is: "seed", fallback: 0 },
  }) as const satisfies FieldsOf<RivalOptions>;
