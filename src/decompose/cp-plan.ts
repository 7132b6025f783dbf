import { checksum, provenance, readOptions, type Filled, type Provenance } from "../base";
import { inUnit, timesPowerOfTwo, type InUnit } from "../factored";
import { contractionKernels } from "../kernels";
import type { Tensor } from "../tensor";
import { leastSquares } from "./als";
import type { LeastSquares } from "./als-model";
import { checkPenalties, checkProblem, checkTogether } from "./check-call";
import { needsWeights } from "./component-weights";
import { oversampling } from "./compression";
import { describeConstraint } from "./constraint";
import { cpTable, type CpOptions } from "./cp-options";
import { givenStart, type GivenStart } from "./given-start";
import { filled, maskedLeastSquares } from "./masked-least-squares";
import { updateRows } from "./row-updates";
import { thresholdOf } from "./threshold";
import { updateFactor, type Demands } from "./update-factor";

/**
 * A decomposition before its first sweep: the tensor in the unit in which it is computed, and with every option
 * decided.
 */
export interface CpPlan extends Demands, InUnit {
  readonly rank: number;
  readonly seed: number;
  readonly start: "random" | "hosvd" | "nndsvd" | undefined;
  readonly given: GivenStart | undefined;
  /** number of starts that are compared */
  readonly starts: number;
  readonly sweeps: number;
  /** the error has settled when a sweep changes it by no more than this */
  readonly threshold: number;
  /** whether exact arithmetic never raises the error */
  readonly monotone: boolean;
  readonly compress: boolean;
  readonly accelerate: boolean;
  /** 1 observed, 0 missing, if entries are */
  readonly mask: Tensor | undefined;
  readonly problem: LeastSquares;
  /** the norm of x in its own unit */
  readonly of: number;
  readonly provenance: Provenance;
}

/** Check the call of a decomposition, and decide what its options leave open. */
export function planOf(where: string, given: Tensor, rank: number, options: CpOptions): CpPlan {
  const read = readOptions(where, options, cpTable),
    { seed, start, sweeps, tolerance, mask, missing, fixed, constraints } = read,
    { ridge = 0, compress, accelerate } = read.method;
  checkProblem(where, given, rank, mask);
  checkTogether(where, given, rank, read);
  const handed = givenStart(where, given, rank, start),
    data = inUnit(where, given, mask);
  checkPenalties(where, data.unit, { ridge, constraints });
  const constrained = constraints.some(Boolean),
    isPlain = start === undefined && !mask && fixed.length === 0 && !constrained,
    compresses = compress ?? (isPlain && paysToCompress(given, rank)),
    starts =
      read.starts ?? (start !== undefined ? 1 : compresses ? 6 : constraints.some((c) => c?.unitColumns) ? 4 : 1),
    demands = { where, ridge, fixed, constraints };
  const plan = {
    ...demands,
    ...data,
    rank,
    seed,
    start: typeof start === "string" ? start : undefined,
    given: handed,
    starts,
    sweeps,
    threshold: thresholdOf(tolerance, data.level),
    monotone: ridge === 0 && !constrained,
    compress: compresses,
    accelerate: accelerate ?? !constrained,
    mask,
    problem: problemOf(data, rank, demands, { mask, missing }),
    of: timesPowerOfTwo(data.level.size, data.unit),
  };
  return { ...plan, provenance: provenanceOf(plan, { tolerance, mask, missing }) };
}

/** Whether a core of this rank is so much smaller than x that sweeps over it cost next to nothing. */
function paysToCompress({ shape, data }: Tensor, rank: number): boolean {
  const coreEntries = shape.reduce((product, size) => product * Math.min(size, rank + oversampling), 1);
  return data.length >= 262144 && 8 * coreEntries <= data.length;
}

type Missing = Pick<Filled<CpOptions, typeof cpTable>, "mask" | "missing">;

/** The least squares problem: entries that are missing are left out of it, or imputed, for which they become NaN. */
function problemOf({ x, level }: InUnit, rank: number, demands: Demands, { mask, missing }: Missing): LeastSquares {
  const { size } = level,
    weighted = needsWeights(x.shape.length, demands);
  if (mask && missing === "exact")
    return maskedLeastSquares(x, mask, rank, { update: updateRows(demands), norm: size, weighted });
  const data = mask ? filled(x, mask, NaN) : x;
  return leastSquares(data, rank, { update: updateFactor(demands), norm: size, imputes: mask !== undefined, weighted });
}

type Decided = Pick<
  CpPlan,
  "rank" | "seed" | "start" | "given" | "starts" | "sweeps" | "ridge" | "fixed" | "constraints"
> &
  Pick<CpPlan, "compress" | "accelerate">;

/**
 * Every option as it was decided, from which the same data give the same result; and facts about the data, such as
 * their checksums.
 */
function provenanceOf(
  { rank, seed, start, given, starts, sweeps, ridge, fixed, constraints, compress, accelerate }: Decided,
  { tolerance, mask, missing }: Missing & { readonly tolerance: number },
): Provenance {
  return provenance(
    "cpAls",
    seed,
    {
      start,
      starts,
      sweeps,
      tolerance,
      missing,
      fixed: [...fixed],
      constraints: constraints.map((constraint) => (constraint ? describeConstraint(constraint) : null)),
      method: { ridge, compress, accelerate },
    },
    {
      rank,
      start: given ? given.factors.map(({ data }) => checksum(data)) : null,
      mask: mask ? checksum(mask.data) : null,
      kernels: contractionKernels().name,
    },
  );
}
