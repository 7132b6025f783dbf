import { fail } from "../base";
import { checkSameShape, indexOf, type Shape, type Tensor } from "../tensor";

/** Refuse a mask of another shape, or with anything in it but 0 (missing) and 1 (observed). `of` is the tensor that it masks. */
export function checkMask(where: string, name: string, mask: Tensor, shape: Shape, of: string): void {
  checkSameShape(where, name, mask, shape);
  const { data } = mask;
  for (let i = 0; i < data.length; i++)
    if (data[i] !== 0 && data[i] !== 1)
      fail(where, {
        expected: `${name} of 0 (missing) and 1 (observed)`,
        got: `${data[i]} at index [${indexOf(shape, i).join(", ")}]`,
        fix: `Pass 1 where an entry of ${of} is observed and 0 where it is missing.`,
      });
}
