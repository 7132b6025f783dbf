import { fail } from "../base";
import { checkDisjoint } from "../masks";
import { checkFinite, checkMask, type Tensor3 } from "../tensor";

/** The entries that are fitted, and those by which starts and steps are chosen. */
export interface FitMasks {
  readonly train: Tensor3;
  readonly validation: Tensor3 | undefined;
}

/** The masks of a fit, checked, with finite activity wherever one of them is 1. */
export function readMasks(
  where: string,
  activity: Tensor3,
  { mask, validation }: { readonly mask: Tensor3 | undefined; readonly validation: Tensor3 | undefined },
): FitMasks {
  const train = mask ?? { shape: activity.shape, data: new Float64Array(activity.data.length).fill(1) };
  checkMask(where, "mask", train, activity.shape, "activity");
  checkFinite(where, "activity", activity, train);
  if (!train.data.includes(1))
    fail(where, {
      expected: "at least one entry to fit",
      got: "a mask of zeros",
      fix: "Set the mask to 1 where activity is to be fitted.",
    });
  if (validation) {
    checkMask(where, "validation", validation, activity.shape, "activity");
    checkFinite(where, "activity", activity, validation);
    checkDisjoint(where, { training: train, validation });
  }
  return { train, validation };
}

/** How many entries are fitted. */
export const observedCount = ({ data }: Tensor3): number => data.reduce((sum, m) => sum + m, 0);

/** Trials without an entry to fit. */
export function unseenTrials({ shape: [trials, time, neurons], data }: Tensor3): number[] {
  const size = time * neurons;
  return Array.from({ length: trials }, (_, k) => k).filter(
    (k) => !data.subarray(k * size, (k + 1) * size).includes(1),
  );
}
