import { checkWhole, fail, isRecord, show } from "../base";
import type { Tensor } from "../tensor";

/**
 * Ranks of a Tucker decomposition: one per mode, where null leaves a mode whole, its factor the identity; or the
 * smallest ranks whose error is certain to be at most `relativeError`. Below rounding, about 1e-15 of the norm, it is
 * not certain: computed factors leave an error of that size whatever their ranks.
 */
export type TuckerRanks = readonly (number | null)[] | { readonly relativeError: number };

/** Refuse a tensor without entries, and ranks that do not fit it. */
export function checkRanks(where: string, x: Tensor, ranks: TuckerRanks): void {
  if (x.data.length === 0 || x.shape.length === 0)
    fail(where, {
      expected: "a tensor of one mode or more, none of them empty",
      got: `shape (${x.shape.join(" × ")})`,
      fix: "Leave empty modes out.",
    });
  if (isTolerance(ranks)) {
    const { relativeError } = ranks;
    if (typeof relativeError === "number" && relativeError > 0 && relativeError < 1) return;
    fail(where, {
      expected: "ranks.relativeError to be a number above 0 and below 1",
      got: show(relativeError),
      fix: "Pass such as { relativeError: 0.01 }.",
    });
  }
  if (!Array.isArray(ranks) || ranks.length !== x.shape.length)
    fail(where, {
      expected: `${x.shape.length} ranks, one per mode`,
      got: Array.isArray(ranks) ? String(ranks.length) : show(ranks),
      fix: "Give each mode its rank, or null to leave it whole; or { relativeError } for the smallest that suffice.",
    });
  for (const [mode, rank] of ranks.entries())
    if (rank !== null) checkWhole(where, `the rank of mode ${mode}`, rank as number, 1, x.shape[mode]);
}

/** Whether ranks are to be found from a tolerance. */
export const isTolerance = (ranks: TuckerRanks): ranks is { readonly relativeError: number } =>
  isRecord(ranks) && !Array.isArray(ranks);

/** Ranks as plain data. */
export const describeRanks = (ranks: TuckerRanks): unknown =>
  isTolerance(ranks) ? { relativeError: ranks.relativeError } : [...ranks];
