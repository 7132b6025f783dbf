import { fail } from "../base";
import { checkSameShape, indexOf, type Shape, type Tensor } from "../tensor";

/** Refuse a mask of another shape, or with entries other than 0 and 1. */
export function checkMask(where: string, name: string, mask: Tensor, shape: Shape): void {
  checkSameShape(where, name, mask, shape);
  const bad = mask.data.findIndex((entry) => entry !== 0 && entry !== 1);
  if (bad >= 0)
    fail(where, {
      expected: `${name} to hold 0 and 1 only`,
      got: `${mask.data[bad]} at index [${indexOf(mask.shape, bad).join(", ")}]`,
      fix: `Pass ${name} with 1 for entries that count and 0 for all others.`,
    });
}
