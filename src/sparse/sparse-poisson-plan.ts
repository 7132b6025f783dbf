import {
  checksum,
  fail,
  pow,
  provenance,
  random,
  readOptions,
  type FieldsOf,
  type Provenance,
  type Status,
} from "../base";
import { checkCp, weightsInLast, type Cp } from "../factored";
import { sizeOf } from "../tensor";
import { checkSparseCall } from "./check-sparse-call";
import { columnSums, sparsePoissonProblem } from "./sparse-poisson-problem";
import type { SparseTensor } from "./sparse-tensor";

/** Options of {@link cpPoissonSparse}. */
export interface SparsePoissonOptions {
  /** of everything that is drawn; default 0 */
  readonly seed?: number;
  /** a model to start from, no entry below 0; default: the best of `starts` at random */
  readonly start?: Cp;
  /** number of starts that are run to their ends, of which the best is kept; default 1 */
  readonly starts?: number;
  /** most steps of each start; default 1000 */
  readonly steps?: number;
  /**
   * converged when the largest gradient entry times the largest entry of the factors is no more than this times the
   * fall of the loss since the start; default 1e-6
   */
  readonly tolerance?: number;
}

/** The result of {@link cpPoissonSparse}: the expected counts as a CP model, no entry below 0. Plain data. */
export interface SparsePoissonResult extends Cp {
  /** the mean of `m - x log m` over all entries, zeros included, as in gcp */
  readonly loss: number;
  /** the loss at the start and after each step */
  readonly trace: readonly number[];
  readonly steps: number;
  readonly status: Status;
  /** why the run ended; absent while it runs */
  readonly reason: string;
  /** the losses that starts reached, where several were compared */
  readonly starts: readonly number[];
  readonly provenance: Provenance;
}

const table = {
  seed: { is: "seed", fallback: 0 },
  start: { is: "checked", check: (where, _, value) => checkCp(where, value as Cp, "start") },
  starts: { is: "whole number", least: 1, most: 10_000 },
  steps: { is: "whole number", least: 1, fallback: 1000 },
  tolerance: { is: "number", least: 0, fallback: 1e-6 },
} as const satisfies FieldsOf<SparsePoissonOptions>;

/** A decomposition of counts before its first step, with every option decided. */
export type SparsePoissonPlan = ReturnType<typeof sparsePoissonPlan>;

/** Check the call of a decomposition of counts, and decide what its options leave open. */
export function sparsePoissonPlan(where: string, x: SparseTensor, rank: number, options: SparsePoissonOptions) {
  const { seed, start, steps, tolerance, ...read } = readOptions<SparsePoissonOptions, typeof table>(
    where,
    options,
    table,
  );
  checkSparseCall(where, x, rank);
  const wrong = x.values.findIndex((count) => !(count >= 0 && Number.isSafeInteger(count))),
    total = x.values.reduce((sum, count) => sum + count, 0);
  if (wrong >= 0 || total === 0)
    fail(where, {
      expected: "counts, whole numbers of at least 0, one at least above",
      got: wrong >= 0 ? `${x.values[wrong]} in entry ${wrong}` : "none above 0",
      fix: "Pass numbers of spikes in bins, or cpAlsSparse other numbers.",
    });
  const given = start && weightsInLast(where, start),
    want = x.shape.map((size) => `${size} × ${rank}`).join(", "),
    got = given?.map(({ shape }) => shape.join(" × ")).join(", ");
  if (given && (got !== want || given.some(({ data }) => data.some((value) => value < 0))))
    fail(where, {
      expected: `start with factors ${want}, no entry below 0`,
      got: got === want ? "an entry below 0" : String(got),
      fix: "Start from a non-negative model of this rank.",
    });
  if (given && (read.starts ?? 1) > 1)
    fail(where, {
      expected: "one start where it is given",
      got: `${read.starts} starts`,
      fix: "Leave start or starts out.",
    });
  const starts = read.starts ?? 1;
  return {
    where,
    x,
    rank,
    seed,
    given,
    starts,
    steps,
    tolerance,
    /** factor from losses per count to losses per entry */
    perEntry: total / sizeOf(x.shape),
    total,
    problem: sparsePoissonProblem(x, rank, total),
    provenance: provenance(
      "cpPoissonSparse",
      seed,
      { starts, steps, tolerance },
      { rank, entries: x.values.length, start: given ? given.map(({ data }) => checksum(data)) : null },
    ),
  };
}

/** Factors that are given, or uniform ones whose model has the total count of x. */
export function startOf({ problem, given, seed, total, x }: SparsePoissonPlan, start: number): Float64Array {
  const variables = new Float64Array(problem.variables),
    views = problem.factorsOf(variables);
  if (given) {
    views.forEach(({ data }, mode) => {
      data.set(given[mode].data);
    });
    return variables;
  }
  const { uniform } = random(seed + start, "sparse poisson start");
  for (let i = 0; i < variables.length; i++) variables[i] = 0.05 + 0.95 * uniform();
  // mode by mode, so that no product of sums overflows
  const modes = x.shape.length,
    share = pow(total, 1 / modes);
  for (const view of views) {
    const largest = columnSums(view).reduce((most, sum) => Math.max(most, sum), 0),
      by = share / largest / pow(view.shape[1], 1 / modes);
    for (let i = 0; i < view.data.length; i++) view.data[i] *= by;
  }
  return variables;
}
