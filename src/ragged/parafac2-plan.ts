import { checksum, fail, provenance, readOptions, show, type Provenance } from "../base";
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
import { checkFinite, checkTensor, type Matrix } from "../tensor";
import { parafac2Table, type Parafac2Options } from "./parafac2-options";
import { parafac2Problem, type Parafac2Model, type RaggedData } from "./parafac2-problem";
import type { Parafac2Result } from "./parafac2-result";
import { raggedData } from "./ragged-data";

/** A decomposition before its first sweep: trials in the unit in which they are computed, and every option decided. */
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
  if (start && read.starts !== undefined && read.starts > 1)
    fail(where, {
      expected: "one start where it is given",
      got: `${read.starts} starts`,
      fix: "Leave start out to compare several, or leave starts out to resume.",
    });
  const { data, unit, level } = raggedData(where, trials, rank, { mask, shortestPeriod });
  checkNarrow(where, rank, [data.ends.length, rank, data.x.shape[1]], constraints);
  checkPenalties(where, unit, { ridge: 0, constraints });
  if (start) checkStart(where, start, data, rank);
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

/** Refuse an earlier result of other trials or another rank, or one that was changed by hand. */
function checkStart(
  where: string,
  { raw, extrapolation, relativeError }: Parafac2Result,
  data: RaggedData,
  rank: number,
): void {
  const { x, ends, spans } = data,
    widths = ends.map((end, k) => spans?.[k].shape[1] ?? end - (k === 0 ? 0 : ends[k - 1])),
    sizes = [ends.length, rank, x.shape[1]];
  const refuse = (expected: string, got: unknown): never =>
    fail(where, { expected, got: show(got), fix: "Pass a result of parafac2 on these trials as start, as it was." });
  const check = (name: string, list: unknown, rows: readonly number[]): void => {
    if (!Array.isArray(list) || list.length !== rows.length)
      refuse(`start.${name} to be ${rows.length} matrices`, list);
    (list as Matrix[]).forEach((m, i) => {
      checkTensor(where, `start.${name}[${i}]`, m, 2);
      if (m.shape[0] !== rows[i] || m.shape[1] !== rank)
        refuse(`start.${name}[${i}] of shape ${rows[i]} × ${rank}`, m.shape.join(" × "));
      checkFinite(where, `start.${name}[${i}]`, m);
    });
  };
  check("raw.factors", raw.factors, sizes);
  check("raw.bases", raw.bases, widths);
  check("extrapolation.previous", extrapolation?.previous, sizes);
  const { of, length, drops, plain, weights } = extrapolation;
  if (!(of >= 0 && length >= 0 && length < Infinity)) refuse("start.extrapolation.of and length of at least 0", length);
  if (
    !Array.isArray(drops) ||
    drops.length !== 2 ||
    !drops.every((drop) => typeof drop === "number" && !Number.isNaN(drop))
  )
    refuse("start.extrapolation.drops to be two numbers", drops);
  if (typeof plain !== "boolean") refuse("start.extrapolation.plain to be true or false", plain);
  if (!Array.isArray(weights) || weights.length !== rank || !weights.every((weight) => weight === 1))
    refuse(`start.extrapolation.weights to be ${rank} ones`, weights);
  if (!(relativeError >= 0)) refuse("start.relativeError of at least 0", relativeError);
}
