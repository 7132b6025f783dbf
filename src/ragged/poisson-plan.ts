import { checksum, fail, provenance, readOptions, show, type Provenance } from "../base";
import { kernelsFor } from "../kernels";
import { checkFinite, checkTensor, type Matrix, type Vector } from "../tensor";
import { checkOneStart, checkRaggedStart } from "./check-ragged-start";
import { countsOf, type Counts } from "./counts";
import type { Parafac2PoissonResult } from "./poisson-result";
import { poissonTable, type Parafac2PoissonOptions } from "./poisson-options";
import { poissonProblem } from "./poisson-problem";
import { raggedData } from "./ragged-data";

/** A decomposition of counts before its first sweep, with every option decided. */
export interface PoissonPlan {
  readonly where: string;
  readonly counts: Counts;
  readonly rank: number;
  readonly seed: number;
  readonly given: Parafac2PoissonResult | undefined;
  readonly starts: number;
  readonly sweeps: number;
  readonly tolerance: number;
  readonly ridge: number;
  readonly accelerate: boolean;
  readonly problem: ReturnType<typeof poissonProblem>;
  readonly provenance: Provenance;
}

/** Check the call of a decomposition of counts, and decide what its options leave open. */
export function poissonPlan(
  where: string,
  trials: readonly Matrix[],
  rank: number,
  options: Parafac2PoissonOptions,
): PoissonPlan {
  const read = readOptions<Parafac2PoissonOptions, typeof poissonTable>(where, options, poissonTable),
    { seed, start, sweeps, tolerance, mask, shortestPeriod, ridge, accelerate } = read;
  checkOneStart(where, start, read.starts);
  const checked = raggedData(where, trials, rank, { mask, shortestPeriod }),
    counts = countsOf(where, checked);
  if (start) {
    checkRaggedStart(where, start, counts, rank);
    checkCurvature(where, "trials", start.curvature?.trials, counts.ends.length);
    checkCurvature(where, "units", start.curvature?.units, counts.x.shape[1]);
  }
  const starts = read.starts ?? (start ? 1 : 4);
  return {
    where,
    counts,
    rank,
    seed,
    given: start,
    starts,
    sweeps,
    tolerance,
    ridge,
    accelerate,
    problem: poissonProblem(counts, rank, ridge),
    provenance: provenance(
      "parafac2Poisson",
      seed,
      { starts, sweeps, tolerance, shortestPeriod, ridge, accelerate },
      {
        rank,
        start: start ? start.raw.factors.map((factor) => checksum(factor.data)) : null,
        mask: mask ? mask.map((one) => checksum(one.data)) : null,
        kernels: kernelsFor("float64").name,
      },
    ),
  };
}

function checkCurvature(where: string, name: string, values: Vector | undefined, length: number): void {
  const whole = `start.curvature.${name}`;
  checkTensor(where, whole, values as Vector, 1);
  const { shape, data } = values as Vector;
  checkFinite(where, whole, values as Vector);
  if (shape[0] !== length || !data.every((value) => value > 0))
    fail(where, {
      expected: `${length} numbers above 0 in ${whole}`,
      got: show(Array.from(data)),
      fix: "Pass a result of parafac2Poisson on these trials as start, as it was.",
    });
}
