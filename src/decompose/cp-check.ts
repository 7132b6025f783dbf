import { checkWhole, fail, isRecord, show, type FieldsOf } from "../base";
import { checkFinite, checkTensor, type Matrix, type Tensor } from "../tensor";
import { checkMask } from "./check-mask";
import type { CpOptions, CpResult } from "./cp-options";
import { checkObserved } from "./masked";

/** Every option of cpAls: what it may be, and its default. */
export const cpFields = {
  seed: { is: "seed", fallback: 0 },
  start: { is: "checked", check: checkStart },
  starts: { is: "whole number", least: 1, most: 10_000 },
  sweeps: { is: "whole number", least: 1, fallback: 500 },
  tolerance: { is: "number", least: 0, fallback: 1e-8 },
  ridge: { is: "number", least: 0, fallback: 0 },
  mask: { is: "checked", check: checkTensorField },
  missing: { is: "name", of: ["exact", "impute"], fallback: "exact" },
  fixed: { is: "list", of: { is: "whole number", least: 0 }, fallback: [] },
  constraints: { is: "list", of: { is: "checked", check: checkConstraint }, fallback: [] },
  compress: { is: "boolean" },
  accelerate: { is: "boolean" },
} as const satisfies FieldsOf<CpOptions>;

function checkTensorField(where: string, name: string, value: unknown): void {
  checkTensor(where, name, value as Tensor);
}

function checkStart(where: string, name: string, value: unknown): void {
  const usable =
    value === "random" ||
    value === "hosvd" ||
    Array.isArray(value) ||
    (isRecord(value) && Array.isArray(value.factors));
  if (!usable)
    fail(where, {
      expected: `${name} to be "random", "hosvd", factors or an earlier result`,
      got: show(value),
      fix: "Name one of these.",
    });
}

function checkConstraint(where: string, name: string, value: unknown): void {
  if (value === undefined) return;
  const usable =
    isRecord(value) &&
    typeof value.name === "string" &&
    typeof value.update === "function" &&
    (value.start === undefined || typeof value.start === "function");
  if (!usable)
    fail(where, {
      expected: `${name} to be undefined, or a constraint { name, update }`,
      got: show(value),
      fix: "Pass what nonNegative, smoothAlong, orthogonal or ridgePenalty give, or a constraint of that form.",
    });
}

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
  checkWhole(where, "rank", rank, 1, maximalRank(x.shape));
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
  { start, starts = 1, mask, missing, fixed = [], constraints = [], compress = false }: CpOptions,
): void {
  const constrained = constraints.some(Boolean);
  if (start !== undefined && starts > 1)
    fail(where, {
      expected: "one start where it is given",
      got: `${starts} starts`,
      fix: "Leave start away to compare several, or starts to begin from that one.",
    });
  if (start === "hosvd" && mask)
    fail(where, {
      expected: 'another start than "hosvd" with a mask',
      got: "a mask",
      fix: "Singular vectors want the whole tensor: start at random, or from an earlier result.",
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
  if (constrained && mask && missing === "exact")
    fail(where, {
      expected: 'missing "impute" with constraints',
      got: '"exact"',
      fix: "Row by row least squares have no constraints: impute, or leave them away.",
    });
  if (compress && (start !== undefined || mask || fixed.length > 0 || constrained))
    fail(where, {
      expected: "no start, mask, fixed mode or constraint with compress",
      got: "one of these",
      fix: "They want the tensor itself: leave compress away.",
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

/** No tensor of this shape has a larger rank: the product of all sizes but the largest. */
function maximalRank(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1) / Math.max(...shape);
}

/** Refuse factors that are not those of a decomposition of this shape and rank. */
export function checkStartFactors(
  where: string,
  name: string,
  factors: readonly Matrix[],
  x: Tensor,
  rank: number,
): void {
  for (const [mode, f] of factors.entries()) checkTensor(where, `${name} ${mode}`, f, 2);
  const got = factors.map((f) => f.shape.join(" × ")).join(", "),
    want = x.shape.map((size) => `${size} × ${rank}`).join(", ");
  if (got !== want)
    fail(where, {
      expected: `${name}s of shapes ${want}`,
      got: got || "none",
      fix: "Start from factors of this rank, one per mode.",
    });
  for (const [mode, f] of factors.entries()) checkFinite(where, `${name} ${mode}`, f);
}

/** Refuse an earlier result of another tensor, or one that was changed by hand. */
export function checkResult(where: string, { raw, momentum, relativeError }: CpResult, x: Tensor, rank: number): void {
  checkStartFactors(where, "start.raw factor", Array.isArray(raw) ? raw : [], x, rank);
  if (momentum === null || momentum === undefined) return;
  const refuse = (expected: string, got: unknown): never =>
    fail(where, { expected, got: show(got), fix: "Pass a result of cpAls as start, as it was, or its factors." });
  if (!isRecord(momentum)) refuse("start.momentum to be null or a record", momentum);
  const { of, previous, step, drops, plain, weights } = momentum;
  checkStartFactors(where, "start.momentum.previous factor", Array.isArray(previous) ? previous : [], x, rank);
  if (!(of >= 0 && step >= 0 && step < Infinity))
    refuse("start.momentum.of and step of at least 0", of >= 0 ? step : of);
  if (
    !Array.isArray(drops) ||
    drops.length !== 2 ||
    drops.some((drop) => typeof drop !== "number" || Number.isNaN(drop))
  )
    refuse("start.momentum.drops to be two numbers", drops);
  if (typeof plain !== "boolean") refuse("start.momentum.plain to be true or false", plain);
  if (!Array.isArray(weights) || weights.length !== rank || !weights.every(Number.isFinite))
    refuse(`start.momentum.weights to be ${rank} finite numbers`, weights);
  if (!(relativeError >= 0)) refuse("start.relativeError of at least 0", relativeError);
}
