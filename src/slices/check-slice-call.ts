import { checkWhole, fail, show } from "../base";
import { checkTensor, type Tensor3 } from "../tensor";
import { othersOf } from "./part";
import type { SliceTca } from "./slice-model";

/** Refuse a tensor without three modes, and ranks or a start that do not fit it. */
export function checkSliceCall(
  where: string,
  given: Tensor3,
  ranks: readonly [number, number, number],
  { start, starts }: { readonly start?: SliceTca; readonly starts?: number },
): void {
  checkTensor(where, "x", given, 3);
  if (given.data.length === 0)
    fail(where, {
      expected: "modes with at least one index",
      got: given.shape.join(" × "),
      fix: "Leave empty modes out.",
    });
  if (!Array.isArray(ranks) || ranks.length !== 3)
    fail(where, { expected: "three ranks, one a mode", got: show(ranks), fix: "Pass ranks such as [2, 0, 1]." });
  for (const [mode, rank] of ranks.entries()) {
    const [p, q] = othersOf(mode);
    checkWhole(
      where,
      `the rank of mode ${mode}`,
      rank,
      0,
      Math.min(given.shape[mode], given.shape[p] * given.shape[q]),
    );
  }
  if (ranks[0] + ranks[1] + ranks[2] === 0)
    fail(where, { expected: "at least one component", got: "ranks [0, 0, 0]", fix: "Give a mode a rank above zero." });
  if (start) {
    const got = start.components.map(({ vectors }) => vectors.shape.join(" × ")).join(", "),
      want = ranks.map((rank, mode) => `${given.shape[mode]} × ${rank}`).join(", ");
    if (got !== want)
      fail(where, {
        expected: `start with vectors ${want}`,
        got,
        fix: "Start from a model of this tensor and these ranks.",
      });
    if (starts !== undefined && starts > 1)
      fail(where, {
        expected: "one start where it is given",
        got: `${starts} starts`,
        fix: "Leave start or starts out.",
      });
  }
}
