import { fail } from "../base";
import { checkDisjoint } from "../masks";
import {
  checkMask,
  checkSameShape,
  checkTensor,
  indexOf,
  shapeText,
  sizeOf,
  type Shape,
  type Tensor3,
} from "../tensor";
import type { EntryLoss } from "./loss";

/** What outputs are compared with. */
export interface Targets {
  /**
   * (trials × time × outputs), at the T steps after x_0; with a plant (trials × time × its states). A custom loss may
   * want none, or others: see {@link CustomLoss}
   */
  readonly targets?: Tensor3 | undefined;
  /** 1 to train on, 0 to leave out; targets where it is 0 are never read. Absent: all that `validation` leaves */
  readonly mask?: Tensor3 | undefined;
  /**
   * 1 where targets are held out: the loss over them is reported as `validationLoss`, and has no gradient. It must not
   * overlap the mask
   */
  readonly validation?: Tensor3 | undefined;
}

/**
 * Refuse masks that do not fit the targets, or overlap; without a mask, all but the validation entries are trained
 * on.
 */
export function readTargets(where: string, { targets, mask, validation }: Targets): Targets {
  if (targets !== undefined) checkTensor(where, "targets", targets, 3);
  for (const [name, x] of Object.entries({ mask, validation })) {
    if (x === undefined) continue;
    if (!targets)
      fail(where, {
        expected: `targets beside ${name}`,
        got: "none",
        fix: "Give both: a mask has the shape of the targets.",
      });
    checkMask(where, name, x, targets.shape, "targets");
  }
  if (!validation) return { targets, mask };
  if (!mask) return { targets, mask: { shape: validation.shape, data: validation.data.map((v) => 1 - v) }, validation };
  checkDisjoint(where, { mask, validation });
  return { targets, mask, validation };
}

/** How many entries a loss, and that over the validation entries, are means over. */
export interface Counts {
  readonly observed: number;
  readonly validated: number;
}

/** Refuse targets that do not fit what is compared with them, and count them. */
export function countTargets(
  where: string,
  { targets, mask, validation }: Targets,
  shape: Shape,
  loss: EntryLoss,
): Counts {
  if (!targets)
    fail(where, {
      expected: "targets in the batch",
      got: "none",
      fix: `Give targets of shape ${shapeText(shape)}, or a custom loss, which may do without.`,
    });
  checkSameShape(where, "targets", targets, shape);
  const observed = mask ? countOnes(mask.data) : sizeOf(targets.shape),
    validated = validation ? countOnes(validation.data) : 0;
  if (observed === 0)
    fail(where, {
      expected: "at least one observed entry in the targets",
      got: mask ? "a mask of zeros" : "targets without entries",
      fix: "Set the mask to 1 where targets are to be learned.",
    });
  if (validation && validated === 0)
    fail(where, {
      expected: "at least one entry in validation",
      got: "a mask of zeros",
      fix: "Leave validation out, or set it to 1 somewhere.",
    });
  if (loss.targets === "counts") {
    checkCounts(where, "targets", targets, mask);
    if (validation) checkCounts(where, "targets", targets, validation);
  }
  return { observed, validated };
}

function countOnes(mask: Float64Array): number {
  let count = 0;
  for (let i = 0; i < mask.length; i++) count += mask[i];
  return count;
}

/** Refuse observed entries that are no counts; those that are not finite are refused where they are read. */
export function checkCounts(where: string, name: string, { data, shape }: Tensor3, mask: Tensor3 | undefined): void {
  for (let i = 0; i < data.length; i++) {
    const x = data[i];
    if ((x >= 0 && x === Math.floor(x)) || !Number.isFinite(x) || (mask && mask.data[i] === 0)) continue;
    fail(where, {
      expected: `${name} of counts, whole numbers of at least 0, where they are observed`,
      got: `${x} at index [${indexOf(shape, i).join(", ")}]`,
      fix: "Pass spike counts per bin, not rates and not smoothed, or take the mean squared error.",
    });
  }
}

/** Refuse targets of which one that is observed is not finite. */
export function refuseNonFinite(where: string, targets: Tensor3, mask: Tensor3 | undefined): never {
  const bad = targets.data.findIndex((target, i) => !Number.isFinite(target) && !(mask && mask.data[i] === 0));
  return fail(where, {
    expected: "finite targets where they are observed",
    got: `${targets.data[bad]} at index [${indexOf(targets.shape, bad).join(", ")}]`,
    fix: "Set the mask to 0 where a target is missing.",
  });
}
