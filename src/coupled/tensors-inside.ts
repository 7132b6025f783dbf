import { checkWhole, fail, show } from "../base";
import { checkObserved, filled } from "../decompose";
import { inUnit } from "../factored";
import { checkFinite, checkMask, checkTensor, permute, type Tensor } from "../tensor";

/** A tensor in the form in which it is decomposed. */
export interface TensorInside {
  /** in its own unit of computation, NaN where an entry is missing, the shared mode last */
  readonly x: Tensor;
  /** exponent of the power of two that x was divided by */
  readonly unit: number;
  /** of what is observed */
  readonly norm: number;
  readonly imputes: boolean;
}

/** Refuse lists that do not have one entry a tensor. */
export function checkLists(
  where: string,
  tensors: readonly Tensor[],
  shared: readonly number[],
  others: Readonly<Record<string, readonly unknown[] | undefined>>,
): void {
  if (!Array.isArray(tensors) || tensors.length === 0)
    fail(where, {
      expected: "tensors to be an array of one or more",
      got: show(tensors),
      fix: "Pass one tensor a session or area.",
    });
  if (!Array.isArray(shared) || shared.length !== tensors.length)
    fail(where, {
      expected: `${tensors.length} shared modes, one per tensor`,
      got: show(shared),
      fix: "Give the mode of each tensor that all of them share.",
    });
  for (const [name, given] of Object.entries(others))
    if (given && given.length !== tensors.length)
      fail(where, {
        expected: `${tensors.length} ${name}, one per tensor`,
        got: String(given.length),
        fix: "Give one for each.",
      });
}

/** Check every tensor with its mask, and move its shared mode to the end. */
export function tensorsInside(
  where: string,
  tensors: readonly Tensor[],
  shared: readonly number[],
  masks: readonly (Tensor | undefined)[],
): TensorInside[] {
  return Array.from(tensors, (x, i) => {
    checkTensor(where, `tensors[${i}]`, x);
    if (x.shape.length < 2 || x.data.length === 0)
      fail(where, {
        expected: "tensors of two modes or more, none of them empty",
        got: `tensors[${i}] of shape (${x.shape.join(" × ")})`,
        fix: "Leave it out.",
      });
    checkWhole(where, `shared[${i}]`, shared[i], 0, x.shape.length - 1);
    if (x.shape[shared[i]] !== tensors[0].shape[shared[0]])
      fail(where, {
        expected: `${tensors[0].shape[shared[0]]} indices in every shared mode, as in the first`,
        got: `${x.shape[shared[i]]} in tensors[${i}]`,
        fix: "Cut the tensors to what they share.",
      });
    const mask = masks[i];
    if (mask !== undefined) {
      checkTensor(where, `masks[${i}]`, mask);
      checkMask(where, `masks[${i}]`, mask, x.shape, `tensors[${i}]`);
      checkObserved(where, mask);
      checkFinite(where, `tensors[${i}]`, x, mask);
    }
    const own = inUnit(where, x, mask),
      holed = mask ? filled(own.x, mask, NaN) : own.x,
      order = [...x.shape.keys()].filter((mode) => mode !== shared[i]);
    return {
      x: permute(holed, [...order, shared[i]]),
      unit: own.unit,
      norm: own.level.size,
      imputes: mask !== undefined,
    };
  });
}
