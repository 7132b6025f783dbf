import { checksum, fail, isRecord, provenance, readOptions, show, type FieldsOf, type Provenance } from "../base";
import { checkTucker, inUnit, rescaled, type InUnit, type Tucker } from "../factored";
import { checkFinite, checkMask, checkTensor, identity, type Matrix, type Tensor } from "../tensor";
import { checkObserved } from "./check-observed";
import { truncated } from "./hosvd";
import { filled, meanOf } from "./masked-least-squares";
import type { NonNegativeProblem } from "./non-negative-hooi";
import { dominantSigns, positivePart, uniformFactors } from "./non-negative-tucker-start";
import { thresholdOf } from "./threshold";
import type { NonNegativeTuckerResult } from "./non-negative-tucker-result";
import { givenMomentum, type TuckerMomentum } from "./tucker-momentum";
import { tuckerTable } from "./tucker-options";
import type { TuckerOrigin } from "./tucker-plan";
import { checkRanks, isTolerance } from "./tucker-ranks";

export interface NonNegativeTuckerOptions {
  /** of random starts; default 0 */
  readonly seed?: number;
  /**
   * "hosvd" (default), the dominant signs of singular vectors; "random", uniform factors; or an earlier result, which
   * is resumed. Entries below zero become zero
   */
  readonly start?: "hosvd" | "random" | Tucker | NonNegativeTuckerResult;
  /** number of starts that are compared after ten sweeps each: the first, and random ones; default 1 */
  readonly starts?: number;
  /** at most; default 500 */
  readonly sweeps?: number;
  /**
   * converged when a sweep changes the norm of the residual by no more than this times the norm of what varies in x;
   * default 1e-8
   */
  readonly tolerance?: number;
  /**
   * (as x) 1 observed, 0 missing, nothing else; missing entries are never read, but imputed from the model, and
   * errors are over the observed ones; default all observed
   */
  readonly mask?: Tensor;
  /** modes whose factors stay those of `start`; default none */
  readonly fixed?: readonly number[];
}

const table = () =>
  ({
    ...tuckerTable,
    start: { is: "checked", check: checkStart },
    sweeps: { is: "whole number", least: 1, fallback: 500 },
    tolerance: { is: "number", least: 0, fallback: 1e-8 },
  }) as const satisfies FieldsOf<NonNegativeTuckerOptions>;

function checkStart(where: string, name: string, value: unknown): void {
  if (value === "hosvd" || value === "random") return;
  if (!isRecord(value))
    fail(where, {
      expected: `${name} to be "hosvd", "random" or an earlier result`,
      got: show(value),
      fix: `Pass one of these as ${name}, or leave it out.`,
    });
  checkTucker(where, value as unknown as Tucker);
}

/** Where a run starts: non-negative factors, undefined for modes left whole. */
export interface NonNegativeOrigin extends TuckerOrigin {
  readonly momentum?: TuckerMomentum | null;
}

/** A decomposition before its first sweep. */
export interface NonNegativeTuckerPlan extends InUnit {
  readonly problem: NonNegativeProblem;
  readonly origins: readonly NonNegativeOrigin[];
  readonly sweeps: number;
  readonly provenance: Provenance;
}

/** Check the call, and make the starts. */
export function nonNegativeTuckerPlan(
  where: string,
  given: Tensor,
  ranks: readonly (number | null)[],
  options: NonNegativeTuckerOptions,
): NonNegativeTuckerPlan {
  const { seed, start, starts, sweeps, tolerance, mask, fixed } = readOptions<
    NonNegativeTuckerOptions,
    ReturnType<typeof table>
  >(where, options, table());
  checkTensor(where, "x", given);
  if (isTolerance(ranks))
    fail(where, { expected: "a rank for every mode", got: "a tolerance", fix: "Take those of hosvd(x, tolerance)." });
  checkRanks(where, given, ranks);
  if (mask) {
    checkMask(where, "mask", mask, given.shape, "x");
    checkObserved(where, mask);
    checkFinite(where, "x", given, mask);
  }
  const handed = typeof start === "object" ? start : undefined;
  checkTogether(where, given, ranks, handed, starts, fixed);
  const data = inUnit(where, given, mask),
    whole = mask ? filled(data.x, mask, meanOf(data.x, mask)) : data.x;
  const drawn = (index: number): NonNegativeOrigin => ({
    kind: "random",
    seed: seed + index,
    factors: uniformFactors(given.shape, ranks, seed + index),
  });
  const first: NonNegativeOrigin = handed
    ? {
        kind: "given",
        seed,
        factors: handed.factors.map((f, mode) =>
          ranks[mode] === null ? undefined : fixed.includes(mode) ? f : positivePart(f),
        ),
        core: positivePart(rescaled(handed.core, -data.unit)),
        momentum: givenMomentum(handed, data.unit),
      }
    : start === "random"
      ? drawn(0)
      : {
          kind: "hosvd",
          seed,
          factors: truncated({ ...data, x: whole }, ranks).map((mode) => mode && dominantSigns(mode.u)),
        };
  return {
    ...data,
    problem: {
      x: mask ? filled(data.x, mask, NaN) : data.x,
      filled: whole,
      imputes: mask !== undefined,
      norm: data.level.size,
      fixed,
      threshold: thresholdOf(tolerance, data.level),
    },
    origins: [first, ...Array.from({ length: starts - 1 }, (_, k) => drawn(k + 1))],
    sweeps,
    provenance: provenance(
      "nonNegativeTucker",
      start === "random" || starts > 1 ? seed : null,
      { ranks: [...ranks], start: handed ? undefined : start, starts, sweeps, tolerance, fixed: [...fixed] },
      {
        start: handed ? [handed.core, ...handed.factors].map(({ data: entries }) => checksum(entries)) : null,
        mask: mask ? checksum(mask.data) : null,
      },
    ),
  };
}

function checkTogether(
  where: string,
  x: Tensor,
  ranks: readonly (number | null)[],
  start: Tucker | undefined,
  starts: number,
  fixed: readonly number[],
): void {
  const refuse = (expected: string, got: string, fix: string) => fail(where, { expected, got, fix });
  if (start && starts > 1) refuse("one start where it is given", `${starts} starts`, "Leave start or starts out.");
  const wrong = fixed.find((mode) => mode >= x.shape.length);
  if (wrong !== undefined) refuse(`fixed modes below ${x.shape.length}`, String(wrong), "Modes count from 0.");
  if (fixed.length > 0 && !start)
    refuse(
      "an earlier result to start from where modes are fixed",
      "none",
      "Give start: its factors stay as they are.",
    );
  if (!start) return;
  const want = x.shape.map((size, mode) => `${size} × ${ranks[mode] ?? size}`).join(", "),
    got = start.factors.map((f) => f.shape.join(" × ")).join(", ");
  if (got !== want) refuse(`start factors of shapes ${want}`, got, "Start from a decomposition of these ranks.");
  const whole = start.factors.findIndex((f, mode) => ranks[mode] === null && !isIdentity(f));
  if (whole >= 0)
    refuse(`the identity as start factor ${whole}, of a mode left whole`, "another matrix", "Give that mode its rank.");
  const negative = fixed.find((mode) => start.factors[mode].data.some((entry) => entry < 0));
  if (negative !== undefined)
    refuse(`entries of at least 0 in the fixed factor ${negative}`, "one below", "Leave that mode free.");
}

const isIdentity = ({ shape: [size], data }: Matrix) => identity(size).data.every((entry, i) => entry === data[i]);
