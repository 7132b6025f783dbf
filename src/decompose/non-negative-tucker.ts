import { rescaled } from "../factored";
import { identity, type Tensor } from "../tensor";
import { nonNegativeHooi, type NonNegativeState } from "./non-negative-hooi";
import {
  nonNegativeTuckerPlan,
  type NonNegativeOrigin,
  type NonNegativeTuckerOptions,
  type NonNegativeTuckerPlan,
} from "./non-negative-tucker-plan";
import type { NonNegativeTuckerResult } from "./non-negative-tucker-result";
import { tuckerRun, type TuckerProgress } from "./tucker-run";

/**
 * Tucker decomposition with non-negative core and factors, such as of counts or rates: hierarchical alternating least
 * squares for the factors, accelerated projected gradients for the core. The error never rises; a run ends in a local
 * minimum, so compare several `starts`.
 *
 * @param ranks - one per mode, null for modes left whole
 * @throws {@link LtrnnError} when x is not finite where observed, or ranks, start and mask do not fit
 * @remarks Two passes over x a sweep, and where the error is below a tenth or entries are missing one that sums the
 * residual.
 * @see Phan & Cichocki (2011), Extended HALS algorithm for nonnegative Tucker decomposition, Neurocomputing 74
 * @example nonNegativeTucker(tensor([2, 2], [1, 2, 2, 4]), [1, 1]).relativeError < 1e-12 // true
 */
export function nonNegativeTucker(
  x: Tensor,
  ranks: readonly (number | null)[],
  options: NonNegativeTuckerOptions = {},
): NonNegativeTuckerResult {
  const plan = nonNegativeTuckerPlan("nonNegativeTucker", x, ranks, options);
  let end: Run | undefined;
  for (const state of run(plan)) end = state;
  return resultOf(plan, end as Run);
}

/**
 * The stepwise form of {@link nonNegativeTucker}: it yields the start, then after every sweep. Wrong calls are refused
 * at once.
 *
 * @throws {@link LtrnnError} as nonNegativeTucker
 * @example [...nonNegativeTuckerSweeps(zeros([2, 2]), [1, 1])].length // 1: zero is reached at once
 */
export function nonNegativeTuckerSweeps(
  x: Tensor,
  ranks: readonly (number | null)[],
  options: NonNegativeTuckerOptions = {},
): Generator<NonNegativeTuckerResult> {
  const plan = nonNegativeTuckerPlan("nonNegativeTuckerSweeps", x, ranks, options);
  return (function* () {
    for (const state of run(plan)) yield resultOf(plan, state);
  })();
}

type Run = NonNegativeState & TuckerProgress;

const run = ({ problem, origins, sweeps }: NonNegativeTuckerPlan): Generator<Run> =>
  tuckerRun({
    origins,
    sweepsToCompare: 10,
    sweeps,
    endsAtStart: problem.norm === 0,
    from: (origin: NonNegativeOrigin) => nonNegativeHooi(problem, origin),
    goOn: (origin, { factors, core, momentum }) => ({ ...origin, factors, core, momentum }),
  });

function resultOf({ x, unit, provenance }: NonNegativeTuckerPlan, state: Run): NonNegativeTuckerResult {
  const { core, factors, momentum, relativeError, trace, status, starts } = state,
    inItsUnit = momentum && { ...momentum, core: rescaled(momentum.core, unit) };
  return {
    core: rescaled(core, unit),
    factors: factors.map((f, mode) => f ?? identity(x.shape[mode])),
    relativeError,
    trace: [...trace],
    sweeps: trace.length - 1,
    status,
    starts,
    momentum: inItsUnit,
    provenance,
  };
}
