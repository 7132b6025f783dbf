import { checksum, fail, provenance, random, readOptions, show, type Provenance } from "../base";
import { inUnit, type InUnit } from "../factored";
import { orthonormalColumns } from "../linalg";
import { checkFinite, checkMask, checkTensor, type Matrix, type Tensor } from "../tensor";
import { checkObserved } from "./check-observed";
import type { HooiProblem } from "./hooi";
import { truncated } from "./hosvd";
import { filled, meanOf } from "./masked-least-squares";
import { thresholdOf } from "./threshold";
import { givenCore, givenFactors } from "./tucker-start";
import { tuckerTable, type TuckerOptions } from "./tucker-options";
import { checkRanks, describeRanks, isTolerance, type TuckerRanks } from "./tucker-ranks";

/** Where a Tucker run starts. */
export interface TuckerOrigin {
  readonly kind: "hosvd" | "random" | "given";
  readonly seed: number;
  /** undefined for modes left whole */
  readonly factors: readonly (Matrix | undefined)[];
  /** of an earlier result, from which missing entries are imputed; else x projected on the factors */
  readonly core?: Tensor;
}

/** A Tucker decomposition before its first sweep. */
export interface TuckerPlan extends InUnit {
  readonly problem: HooiProblem;
  /** x with the mean of the observed entries where one is missing */
  readonly filled: Tensor;
  readonly origins: readonly TuckerOrigin[];
  readonly sweeps: number;
  readonly singularValues: readonly (readonly number[])[];
  readonly provenance: Provenance;
}

/** Check the call of a Tucker decomposition, and make its starts. */
export function tuckerPlan(where: string, given: Tensor, ranks: TuckerRanks, options: TuckerOptions): TuckerPlan {
  const read = readOptions(where, options, tuckerTable),
    { seed, start, starts, sweeps, tolerance, mask, fixed } = read;
  checkTensor(where, "x", given);
  checkRanks(where, given, ranks);
  if (mask) {
    checkMask(where, "mask", mask, given.shape, "x");
    checkObserved(where, mask);
    checkFinite(where, "x", given, mask);
  }
  checkTogether(where, given, ranks, read);
  const data = inUnit(where, given, mask),
    whole = mask ? filled(data.x, mask, meanOf(data.x, mask)) : data.x,
    handed = typeof start === "object" ? givenFactors(where, given, ranks, start, fixed) : undefined,
    wanted = handed === undefined && start !== "random",
    first = wanted ? truncated({ ...data, x: whole }, ranks) : [],
    chosen = isTolerance(ranks) ? first.map((mode) => mode?.u.shape[1] ?? null) : ranks;
  const drawn = (index: number): TuckerOrigin => ({
    kind: "random",
    seed: seed + index,
    factors: randomFactors(given, chosen, seed + index),
  });
  const lead: TuckerOrigin = handed
    ? {
        kind: "given",
        seed,
        factors: handed,
        ...(mask ? givenCore(where, given, chosen, start, handed, data.unit) : {}),
      }
    : wanted
      ? { kind: "hosvd", seed, factors: first.map((mode) => mode?.u) }
      : drawn(0);
  return {
    ...data,
    problem: {
      x: mask ? filled(data.x, mask, NaN) : data.x,
      imputes: mask !== undefined,
      norm: data.level.size,
      fixed,
      threshold: thresholdOf(tolerance, data.level),
    },
    filled: whole,
    origins: [lead, ...Array.from({ length: starts - 1 }, (_, k) => drawn(k + 1))],
    sweeps,
    singularValues: mask ? [] : first.map((mode) => mode?.values ?? []),
    provenance: provenance(
      "tucker",
      start === "random" || starts > 1 ? seed : null,
      {
        ranks: describeRanks(ranks),
        start: typeof start === "string" ? start : undefined,
        starts,
        sweeps,
        tolerance,
        fixed: [...fixed],
      },
      {
        start: handed ? handed.map((u) => (u ? checksum(u.data) : null)) : null,
        mask: mask ? checksum(mask.data) : null,
      },
    ),
  };
}

function checkTogether(
  where: string,
  x: Tensor,
  ranks: TuckerRanks,
  { start, starts = 1, mask, fixed = [] }: TuckerOptions,
): void {
  const refuse = (expected: string, got: string, fix: string) => fail(where, { expected, got, fix });
  if (isTolerance(ranks) && (mask || (start !== undefined && start !== "hosvd")))
    refuse(
      'a rank for every mode with a mask, or another start than "hosvd"',
      "a tolerance",
      "Ranks by tolerance come from the singular values of the whole tensor: pass ranks.",
    );
  if (typeof start === "object" && starts > 1)
    refuse("one start where it is given", `${starts} starts`, "Leave start or starts out.");
  const wrong = fixed.find((mode) => mode >= x.shape.length);
  if (wrong !== undefined) refuse(`fixed modes below ${x.shape.length}`, String(wrong), "Modes count from 0.");
  if (fixed.length > 0 && typeof start !== "object")
    refuse(
      "factors to start from where modes are fixed",
      start === undefined ? "no start" : show(start),
      "Give start: its factors in those modes stay as they are.",
    );
}

function randomFactors(x: Tensor, ranks: TuckerRanks, seed: number): (Matrix | undefined)[] {
  return x.shape.map((size, mode) => {
    const rank = (ranks as readonly (number | null)[])[mode],
      stream = random(seed, `tucker start, mode ${mode}`);
    if (rank === null) return undefined;
    return orthonormalColumns({ shape: [size, rank], data: Float64Array.from({ length: size * rank }, stream.normal) });
  });
}
