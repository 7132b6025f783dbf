import { checkWhole, fail, show } from "../base";
import { checkTensor, shapeText, sizeOf, type Tensor } from "../tensor";
import { sizesBeside } from "./part";
import type { SliceRanks, SliceTca } from "./slice-model";

/** Refuse a tensor with fewer than three modes, and ranks or a start that do not fit it. */
export function checkSliceCall(
  where: string,
  given: Tensor,
  ranks: SliceRanks,
  { start, starts }: { readonly start?: SliceTca; readonly starts?: number },
): void {
  checkTensor(where, "x", given);
  const modes = given.shape.length;
  if (modes < 3 || given.data.length === 0)
    fail(where, {
      expected: "x of three modes or more, with at least one index each",
      got: `shape ${shapeText(given.shape)}`,
      fix: "Leave empty modes out, and take cpAls or tucker for a matrix.",
    });
  const list: unknown = ranks;
  if (!Array.isArray(list) || list.length !== modes)
    fail(where, { expected: `${modes} ranks, one per mode`, got: show(list), fix: "Pass ranks such as [2, 0, 1]." });
  for (const [mode, rank] of ranks.entries())
    checkWhole(
      where,
      `the rank of mode ${mode}`,
      rank,
      0,
      Math.min(given.shape[mode], sizeOf(sizesBeside(given.shape, mode))),
    );
  if (ranks.every((rank) => rank === 0))
    fail(where, {
      expected: "at least one component",
      got: `ranks [${ranks.join(", ")}]`,
      fix: "Give a mode a rank above zero.",
    });
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
