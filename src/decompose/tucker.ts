import type { Provenance, Status } from "../base";
import { rescaled, timesPowerOfTwo, type Tucker } from "../factored";
import { identity, type Tensor } from "../tensor";
import { hooi, type HooiState } from "./hooi";
import type { TuckerOptions } from "./tucker-options";
import { tuckerPlan, type TuckerPlan } from "./tucker-plan";
import type { TuckerRanks } from "./tucker-ranks";
import { tuckerRun, type TuckerProgress, type TuckerStart } from "./tucker-run";

/**
 * A Tucker decomposition: `x ≈ core ×_0 U_0 ×_1 U_1 ...`, with orthonormal factors. Plain data; it is itself a start.
 */
export interface TuckerResult extends Tucker {
  /** `‖x - x̂‖ / ‖x‖` over the observed entries, the residual summed entry by entry where it is below a tenth */
  readonly relativeError: number;
  /** of the start and after each sweep */
  readonly trace: readonly number[];
  readonly sweeps: number;
  readonly status: Extract<Status, "running" | "converged" | "exhausted">;
  /** the starts that were compared, with their errors after three sweeps; none where there was one */
  readonly starts: readonly TuckerStart[];
  /**
   * of each unfolding of x, largest first, where the start was the HOSVD of all of x; those below 1e-7 of the largest
   * are rounding, unless they are among the ranks. Empty for modes left whole
   */
  readonly singularValues: readonly (readonly number[])[];
  readonly provenance: Provenance;
}

/**
 * Tucker decomposition: the truncated higher-order SVD, refined by higher-order orthogonal iteration.
 *
 * @param ranks - one per mode, at most the size of the mode, null for modes left whole (partial Tucker); or `{
 * relativeError }`, for the smallest ranks whose HOSVD is certain to be that good
 * @throws {@link LtrnnError} when x is not finite where observed, or ranks, start and mask do not fit
 * @remarks O(entries · sum of sizes) for the start, two passes of O(entries · largest rank) for a sweep, and where the
 * error is below a tenth or entries are missing one that sums the residual: `‖x‖² - ‖core‖²` would cancel.
 * @see De Lathauwer, De Moor & Vandewalle (2000), SIAM J. Matrix Anal. Appl. 21, 1253 (HOSVD) and 1324 (HOOI)
 * @example tucker(tensor([2, 2, 2], [1, 0, 0, 0, 0, 0, 0, 1]), [2, 2, 2]).core.shape // [2, 2, 2]
 */
export function tucker(x: Tensor, ranks: TuckerRanks, options: TuckerOptions = {}): TuckerResult {
  const plan = tuckerPlan("tucker", x, ranks, options);
  let end: TuckerRun | undefined;
  for (const state of run(plan)) end = state;
  return resultOf(plan, end as TuckerRun);
}

/**
 * The stepwise form of {@link tucker}: it yields the start, then after every sweep. Wrong calls are refused at once.
 *
 * @throws {@link LtrnnError} as tucker
 * @example [...tuckerSweeps(zeros([2, 2]), [1, 1], { sweeps: 0 })].length // 1
 */
export function tuckerSweeps(x: Tensor, ranks: TuckerRanks, options: TuckerOptions = {}): Generator<TuckerResult> {
  const plan = tuckerPlan("tuckerSweeps", x, ranks, options);
  return (function* () {
    for (const state of run(plan)) yield resultOf(plan, state);
  })();
}

type TuckerRun = HooiState & TuckerProgress;

const run = ({ problem, filled, origins, sweeps }: TuckerPlan): Generator<TuckerRun> =>
  tuckerRun({
    origins,
    sweepsToCompare: 3,
    sweeps,
    endsAtStart: sweeps === 0,
    from: (origin) => hooi(problem, origin, filled),
    goOn: (origin, { factors, core }) => ({ ...origin, factors, ...(problem.imputes ? { core } : {}) }),
  });

function resultOf({ x, unit, singularValues, provenance }: TuckerPlan, state: TuckerRun): TuckerResult {
  const { core, factors, relativeError, trace, status, starts } = state;
  return {
    core: rescaled(core, unit),
    factors: factors.map((u, mode) => u ?? identity(x.shape[mode])),
    relativeError,
    trace: [...trace],
    sweeps: trace.length - 1,
    status,
    starts,
    singularValues: singularValues.map((values) => values.map((value) => timesPowerOfTwo(value, unit))),
    provenance,
  };
}
