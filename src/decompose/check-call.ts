import { checkWhole, fail, show } from "../base";
import { timesPowerOfTwo } from "../factored";
import { maximalRankAtMost } from "../linalg";
import { checkFinite, checkMask, checkTensor, type Tensor } from "../tensor";
import { checkObserved } from "./check-observed";
import type { CpOptions } from "./cp-options";
import type { Demands } from "./update-factor";

/** Refuse a tensor that has no decomposition of this rank, and a mask that hides too much of it. */
export function checkProblem(where: string, x: Tensor, rank: number, mask?: Tensor): void {
  checkTensor(where, "x", x);
  if (x.shape.length < 2)
    fail(where, {
      expected: "a tensor of two modes or more",
      got: `shape (${x.shape.join(" × ")})`,
      fix: "A vector is its own decomposition.",
    });
  const empty = x.shape.indexOf(0);
  if (empty >= 0)
    fail(where, {
      expected: "modes with at least one index",
      got: `shape (${x.shape.join(" × ")}), mode ${empty} being empty`,
      fix: "Leave that mode out, or give it its slices.",
    });
  checkWhole(where, "rank", rank, 1, maximalRankAtMost(x.shape));
  if (!mask) return;
  checkMask(where, "mask", mask, x.shape, "x");
  checkObserved(where, mask);
  checkFinite(where, "x", x, mask);
}

/** Refuse options that do not fit x, the rank, or each other. */
export function checkTogether(
  where: string,
  x: Tensor,
  rank: number,
  { start, starts = 1, fixed = [], constraints = [], method = {} }: CpOptions,
): void {
  const constrained = constraints.some(Boolean);
  if (start !== undefined && starts > 1)
    fail(where, {
      expected: "one start where it is given",
      got: `${starts} starts`,
      fix: "Leave start out to compare several, or leave starts out to begin from that one.",
    });
  if (fixed.length > 0) checkFixed(where, x, fixed, start);
  if (constraints.length > x.shape.length)
    fail(where, {
      expected: `at most ${x.shape.length} constraints, one per mode`,
      got: String(constraints.length),
      fix: "Give them in the order of the modes, undefined where there is none.",
    });
  constraints.forEach((constraint, mode) => {
    if (constraint?.narrow && rank > x.shape[mode])
      fail(where, {
        expected: `a rank of at most ${x.shape[mode]} with ${constraint.name} columns in mode ${mode}`,
        got: String(rank),
        fix: "Lower the rank, or leave that mode free.",
      });
  });
  if (method.compress && (start !== undefined || fixed.length > 0 || constrained))
    fail(where, {
      expected: "no start, fixed mode or constraint with method.compress",
      got: "one of these",
      fix: "They need the tensor itself: leave method.compress out.",
    });
}

function checkFixed(where: string, x: Tensor, fixed: readonly number[], start: CpOptions["start"]): void {
  for (const mode of fixed) checkWhole(where, "each fixed mode", mode, 0, x.shape.length - 1);
  if (typeof start !== "object")
    fail(where, {
      expected: "factors to start from where modes are fixed",
      got: start === undefined ? "no start" : `start ${show(start)}`,
      fix: "Give start: its factors in those modes stay as they are.",
    });
  if (new Set(fixed).size === x.shape.length)
    fail(where, {
      expected: "a mode that is not fixed",
      got: "all of them fixed",
      fix: "Leave one free; transform fits new slices to old factors.",
    });
}

/**
 * Refuse penalties of data that have to be computed in another unit: the strength of a penalty is in the unit of the
 * data.
 */
export function checkPenalties(
  where: string,
  unit: number,
  { ridge, constraints }: Pick<Demands, "ridge" | "constraints">,
): void {
  const bound = constraints.find((constraint) => constraint && !constraint.homogeneous);
  if (unit === 0 || (ridge === 0 && !bound)) return;
  fail(where, {
    expected: `x in a unit between 1e-30 and 1e30 with ${bound ? `the constraint ${bound.name}` : "a ridge"}`,
    got: `entries near ${timesPowerOfTwo(1, unit).toExponential(0)}`,
    fix: "Divide x by a power of ten: a strength is in the unit of the data.",
  });
}
