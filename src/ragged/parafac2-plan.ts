import { checksum, fail, provenance, readOptions, type Provenance } from "../base";
import {
  checkPenalties,
  describeConstraint,
  thresholdOf,
  updateFactor,
  type CpConstraint,
  type LeastSquares,
} from "../decompose";
import { timesPowerOfTwo } from "../factored";
import { kernelsFor } from "../kernels";
import type { Matrix } from "../tensor";
import { checkOneStart, checkRaggedStart } from "./check-ragged-start";
import { parafac2Table, type Parafac2Options } from "./parafac2-options";
import { parafac2Problem, type Parafac2Model, type RaggedData } from "./parafac2-problem";
import type { Parafac2Result } from "./parafac2-result";
import { raggedData } from "./ragged-data";

/**
 * A decomposition before its first sweep: trials in the unit in which they are computed, and with every option decided.
 */
export interface Parafac2Plan {
  readonly where: string;
  readonly data: RaggedData;
  readonly unit: number;
  readonly rank: number;
  readonly seed: number;
  readonly given: Parafac2Result | undefined;
  readonly starts: number;
  readonly sweeps: number;
  readonly threshold: number;
  readonly monotone: boolean;
  readonly accelerate: boolean;
  /** by mode of the model */
  readonly constraints: readonly (CpConstraint | undefined)[];
  readonly problem: LeastSquares<Parafac2Model>;
  /** the norm of the trials in their own unit */
  readonly of: number;
  readonly provenance: Provenance;
}

/** Check the call of a decomposition, and decide what its options leave open. */
export function parafac2Plan(
  where: string,
  trials: readonly Matrix[],
  rank: number,
  options: Parafac2Options,
): Parafac2Plan {
  const read = readOptions<Parafac2Options, typeof parafac2Table>(where, options, parafac2Table),
    { seed, start, sweeps, tolerance, mask, shortestPeriod } = read,
    constraints = [read.constraints.trials, undefined, read.constraints.units],
    constrained = constraints.some(Boolean),
    accelerate = read.accelerate ?? !constrained;
  checkOneStart(where, start, read.starts);
  const { data, unit, level } = raggedData(where, trials, rank, { mask, shortestPeriod });
  checkNarrow(where, rank, [data.ends.length, rank, data.x.shape[1]], constraints);
  checkPenalties(where, unit, { ridge: 0, constraints });
  if (start) checkRaggedStart(where, start, data, rank);
  const starts = read.starts ?? (start ? 1 : 4);
  const made = provenance(
    "parafac2",
    seed,
    {
      starts,
      sweeps,
      tolerance,
      constraints: {
        trials: constraints[0] ? describeConstraint(constraints[0]) : null,
        units: constraints[2] ? describeConstraint(constraints[2]) : null,
      },
      shortestPeriod,
      accelerate,
    },
    {
      rank,
      start: start ? start.raw.factors.map((factor) => checksum(factor.data)) : null,
      mask: mask ? mask.map((one) => checksum(one.data)) : null,
      kernels: kernelsFor("float64").name,
    },
  );
  return {
    where,
    data,
    unit,
    rank,
    seed,
    given: start,
    starts,
    sweeps,
    threshold: thresholdOf(tolerance, level),
    monotone: !constrained,
    accelerate,
    constraints,
    problem: parafac2Problem(data, rank, updateFactor({ where, ridge: 0, fixed: [], constraints })),
    of: timesPowerOfTwo(level.size, unit),
    provenance: made,
  };
}

function checkNarrow(
  where: string,
  rank: number,
  sizes: readonly number[],
  constraints: readonly (CpConstraint | undefined)[],
): void {
  constraints.forEach((constraint, mode) => {
    if (constraint?.narrow && rank > sizes[mode])
      fail(where, {
        expected: `a rank of at most ${sizes[mode]} with ${constraint.name} columns`,
        got: String(rank),
        fix: "Lower the rank, or leave that mode free.",
      });
  });
}
