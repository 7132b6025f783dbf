import { fail } from "../base";
import type { Tensor } from "../tensor";

/** Refuse a mask that hides a whole slice: no data determine the row of its factor. */
export function checkObserved(where: string, { shape, data }: Tensor): void {
  const seen = shape.map((size) => new Uint8Array(size)),
    last = shape.length - 1,
    row = shape[last];
  for (let from = 0, line = 0; from < data.length; from += row, line++) {
    let observed = 0;
    for (let j = 0; j < row; j++) if (data[from + j] !== 0) observed = seen[last][j] = 1;
    if (observed > 0)
      for (let mode = last - 1, rest = line; mode >= 0; rest = Math.floor(rest / shape[mode]), mode--)
        seen[mode][rest % shape[mode]] = 1;
  }
  seen.forEach((rows, mode) => {
    const empty = rows.indexOf(0);
    if (empty >= 0)
      fail(where, {
        expected: "an observed entry in every slice",
        got: `a mask of zeros at index ${empty} of mode ${mode}`,
        fix: "Leave that slice out of the tensor.",
      });
  });
}
