import { checkAbove, checkWhole, fail } from "../base";
import { checkFinite, checkSameShape, checkTensor, norm, type Tensor } from "../tensor";
import type { CpOptions } from "./cp-options";
import { checkObserved } from "./masked";

/** Refuse what does not fit together. @returns the norm of x where nothing is missing: one that is finite shows that every entry is */
export function checkCall(
  x: Tensor,
  rank: number,
  {
    seed = 0,
    start,
    starts = 1,
    sweeps = 500,
    tolerance = 1e-8,
    ridge = 0,
    mask,
    missing = "exact",
    fixed = [],
    constraints = [],
    compress: compresses = false,
  }: CpOptions,
): number | undefined {
  checkTensor("cpAls", "x", x);
  if (x.shape.length < 2)
    fail("cpAls", {
      expected: "a tensor of two modes or more",
      got: `shape (${x.shape.join(" × ")})`,
      fix: "A vector is its own decomposition.",
    });
  const empty = x.shape.indexOf(0);
  if (empty >= 0)
    fail("cpAls", {
      expected: "modes with at least one index",
      got: `shape (${x.shape.join(" × ")}), mode ${empty} being empty`,
      fix: "Leave that mode out, or give it its slices.",
    });
  checkWhole("cpAls", "rank", rank, 1, maximalRank(x.shape));
  if (missing !== "exact" && missing !== "impute")
    fail("cpAls", { expected: 'missing to be "exact" or "impute"', got: String(missing), fix: "Name one of the two." });
  if (mask) {
    checkSameShape("cpAls", "mask", mask, x.shape);
    checkObserved("cpAls", mask);
  }
  const size = mask ? undefined : norm(x);
  if (size === undefined || !Number.isFinite(size)) checkFinite("cpAls", "x", x, mask);
  checkWhole("cpAls", "starts", starts, 1);
  checkWhole("cpAls", "sweeps", sweeps, 1);
  checkAbove("cpAls", "tolerance", tolerance, 0, true);
  checkAbove("cpAls", "ridge", ridge, 0, true);
  checkAbove("cpAls", "seed", seed, -Infinity);
  if (typeof start === "string" && start !== "random" && start !== "hosvd")
    fail("cpAls", {
      expected: 'start to be "random", "hosvd", factors or an earlier result',
      got: String(start),
      fix: "Name one of these.",
    });
  if (start !== undefined && starts > 1)
    fail("cpAls", {
      expected: "one start where it is given",
      got: `${starts} starts`,
      fix: "Leave start away to compare several, or starts to begin from that one.",
    });
  if (start === "hosvd" && mask)
    fail("cpAls", {
      expected: 'another start than "hosvd" with a mask',
      got: "a mask",
      fix: "Singular vectors want the whole tensor: start at random, or from an earlier result.",
    });
  if (fixed.length > 0) {
    fixed.forEach((mode) => checkWhole("cpAls", "each fixed mode", mode, 0, x.shape.length - 1));
    if (typeof start !== "object")
      fail("cpAls", {
        expected: "factors to start from where modes are fixed",
        got: String(start),
        fix: "Give start: its factors in those modes stay as they are.",
      });
    if (new Set(fixed).size === x.shape.length)
      fail("cpAls", {
        expected: "a mode that is not fixed",
        got: "all of them fixed",
        fix: "Leave one free; transform fits new slices to old factors.",
      });
  }
  if (constraints.length > x.shape.length)
    fail("cpAls", {
      expected: `at most ${x.shape.length} constraints, one per mode`,
      got: String(constraints.length),
      fix: "Give them in the order of the modes, undefined where there is none.",
    });
  constraints.forEach((one, mode) => {
    if (one?.narrow && rank > x.shape[mode])
      fail("cpAls", {
        expected: `a rank of at most ${x.shape[mode]} with ${one.name} columns in mode ${mode}`,
        got: String(rank),
        fix: "Lower the rank, or leave that mode free.",
      });
  });
  if (constraints.some(Boolean) && mask && missing === "exact")
    fail("cpAls", {
      expected: 'missing "impute" with constraints',
      got: '"exact"',
      fix: "Row by row least squares have no constraints: impute, or leave them away.",
    });
  if (compresses && (start !== undefined || mask || fixed.length > 0 || constraints.some(Boolean)))
    fail("cpAls", {
      expected: "no start, mask, fixed mode or constraint with compress",
      got: "one of these",
      fix: "They want the tensor itself: leave compress away.",
    });
  return size;
}

/** No tensor of this shape has a larger rank: the product of all sizes but the largest. */
function maximalRank(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1) / Math.max(...shape);
}
