import { fail, isRecord, show } from "../base";
import { checkCp, columnUnits, dividedColumns, weightsInLast } from "../factored";
import { checkFinite, checkTensor, type Matrix, type Tensor } from "../tensor";
import type { CpOptions } from "./cp-options";
import type { CpResult } from "./cp-result";

type Shaped = Pick<Tensor, "shape">;

/** A start that was given. */
export interface GivenStart {
  readonly factors: readonly Matrix[];
  /** set if it is an earlier result with at least one sweep */
  readonly result?: CpResult;
}

/**
 * The factors of a start that is given; of an earlier result, those of its last sweep.
 * @throws {@link LtrnnError} when they do not fit x
 */
export function givenStart(where: string, x: Shaped, rank: number, start: CpOptions["start"]): GivenStart | undefined {
  if (start === undefined || typeof start === "string") return undefined;
  if (!("factors" in start)) {
    checkStartFactors(where, "start factor", start, x, rank);
    return { factors: start };
  }
  checkCp(where, start, "start");
  if (!("raw" in start)) {
    checkStartFactors(where, "start factor", start.factors, x, rank);
    return { factors: weightsInLast(where, start) };
  }
  checkResult(where, start, x, rank);
  return { factors: start.raw, result: start };
}

/** Refuse factors that are not those of a decomposition of this shape and rank. */
function checkStartFactors(where: string, name: string, factors: readonly Matrix[], x: Shaped, rank: number): void {
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
function checkResult(where: string, { raw, extrapolation, relativeError }: CpResult, x: Shaped, rank: number): void {
  checkStartFactors(where, "start.raw factor", Array.isArray(raw) ? raw : [], x, rank);
  if (extrapolation === null || extrapolation === undefined) return;
  const refuse = (expected: string, got: unknown): never =>
    fail(where, { expected, got: show(got), fix: "Pass a result of cpAls as start, as it was, or its factors." });
  if (!isRecord(extrapolation)) refuse("start.extrapolation to be null or a record", extrapolation);
  const { of, previous, length, drops, plain, weights, odd = false } = extrapolation;
  checkStartFactors(where, "start.extrapolation.previous factor", Array.isArray(previous) ? previous : [], x, rank);
  if (!(of >= 0 && length >= 0 && length < Infinity))
    refuse("start.extrapolation.of and length of at least 0", of >= 0 ? length : of);
  if (
    !Array.isArray(drops) ||
    drops.length !== 2 ||
    drops.some((drop) => typeof drop !== "number" || Number.isNaN(drop))
  )
    refuse("start.extrapolation.drops to be two numbers", drops);
  if (typeof plain !== "boolean" || typeof odd !== "boolean")
    refuse("start.extrapolation.plain and odd to be true or false", typeof plain === "boolean" ? odd : plain);
  if (!Array.isArray(weights) || weights.length !== rank || !weights.every(Number.isFinite))
    refuse(`start.extrapolation.weights to be ${rank} finite numbers`, weights);
  if (!(relativeError >= 0)) refuse("start.relativeError of at least 0", relativeError);
}

/**
 * Factors to start from, scaled so that products of columns do not overflow; the scale of a component does not affect a
 * sweep, except in fixed modes.
 */
export interface StartInUnit {
  readonly factors: readonly Matrix[];
  /** the exponent of each component in the result: that of x, less what was taken out of fixed factors */
  readonly exponents: readonly number[];
}

/**
 * Factors to start from in the unit of the problem. Where a run is resumed, its free factors are in it already, and are
 * kept to the bit.
 */
export function startInUnit(
  factors: readonly Matrix[],
  { fixed, unit, resumes }: { readonly fixed: readonly number[]; readonly unit: number; readonly resumes: boolean },
): StartInUnit {
  const units = columnUnits(factors).map((columns, mode) =>
    resumes && !fixed.includes(mode) ? columns.map(() => 0) : columns,
  );
  return {
    factors: factors.map((f, mode) => dividedColumns(f, units[mode])),
    exponents: units[0].map((_, r) => fixed.reduce((sum, mode) => sum - units[mode][r], unit)),
  };
}
