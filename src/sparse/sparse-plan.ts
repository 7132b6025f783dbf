import { checksum, fail, provenance, random, readOptions, type FieldsOf } from "../base";
import {
  als,
  checkConstraint,
  checkPenalties,
  describeConstraint,
  givenStart,
  noExtrapolation,
  satisfying,
  sizedStart,
  startInUnit,
  updateFactor,
  uprightModes,
  type AlsModel,
  type AlsState,
  type CpConstraint,
  type CpResult,
} from "../decompose";
import { checkCp, inUnit, timesPowerOfTwo, type Cp } from "../factored";
import { norm, type Matrix } from "../tensor";
import type { SparseCpResult } from "./sparse-cp-result";
import { sparseLeastSquares } from "./sparse-least-squares";
import { checkSparseCall } from "./check-sparse-call";
import type { SparseTensor } from "./sparse-tensor";

/** Options of {@link cpAlsSparse}. */
export interface SparseCpOptions {
  /** of everything that is drawn; default 0 */
  readonly seed?: number;
  /** a model to start from, or an earlier result, which is resumed; default: the best of `starts` at random */
  readonly start?: Cp | SparseCpResult;
  /** number of starts that are compared by successive halving; default 1 */
  readonly starts?: number;
  /** most sweeps; default 500 */
  readonly sweeps?: number;
  /** converged when a sweep lowers the norm of the residual by no more than this times that of x; default 1e-8 */
  readonly tolerance?: number;
  /** by mode: {@link nonNegative}, {@link smoothAlong}, {@link ridgePenalty}, or a custom one; default none */
  readonly constraints?: readonly (CpConstraint | undefined)[];
}

const table = {
  seed: { is: "seed", fallback: 0 },
  start: { is: "checked", check: (where, _, value) => checkCp(where, value as Cp, "start") },
  starts: { is: "whole number", least: 1, most: 10_000 },
  sweeps: { is: "whole number", least: 1, fallback: 500 },
  tolerance: { is: "number", least: 0, fallback: 1e-8 },
  constraints: { is: "list", of: { is: "checked", check: checkConstraint }, fallback: [] },
} as const satisfies FieldsOf<SparseCpOptions>;

/** A decomposition before its first sweep, with every option decided. */
export type SparsePlan = ReturnType<typeof sparsePlan>;

/** One start. */
export interface Runner {
  readonly states: Generator<AlsState>;
  readonly trace: number[];
  state?: AlsState;
  steps: number;
  score: number;
  done: boolean;
}

/** Check the call of a decomposition, and make its starts. */
export function sparsePlan(where: string, x: SparseTensor, rank: number, options: SparseCpOptions) {
  const read = readOptions<SparseCpOptions, typeof table>(where, options, table),
    { seed, start, sweeps, tolerance, constraints } = read;
  checkSparseCall(where, x, rank);
  if (
    constraints.length > x.shape.length ||
    constraints.some((c, mode) => c?.unitColumns || (c?.narrow && rank > x.shape[mode]))
  )
    fail(where, {
      expected: `at most ${x.shape.length} constraints, none of unit columns`,
      got: constraints.map((constraint) => constraint?.name ?? "none").join(", "),
      fix: "Give them in the order of the modes, and orthogonal columns to cpAls on the whole tensor.",
    });
  const given = start ? givenStart(where, x, rank, start as CpResult) : undefined,
    starts = read.starts ?? 1;
  if (given && starts > 1)
    fail(where, {
      expected: "one start where it is given",
      got: `${starts} starts`,
      fix: "Leave start or starts out.",
    });
  const { x: inside, unit, level } = inUnit(where, { shape: [x.values.length], data: x.values }),
    listed: SparseTensor = { ...x, values: inside.data },
    constrained = constraints.some(Boolean);
  checkPenalties(where, unit, { ridge: 0, constraints });
  const problem = sparseLeastSquares(listed, norm(inside), updateFactor({ where, ridge: 0, fixed: [], constraints })),
    settings = { threshold: tolerance, monotone: !constrained, accelerate: !constrained, fixed: [] };
  const of = timesPowerOfTwo(level.size, unit),
    described = constraints.map((c) => (c ? describeConstraint(c) : null)),
    earlier = resumable(given?.result, of, described);
  const runners = Array.from({ length: starts }, (_, i): Runner => {
    const from = given
        ? startInUnit(given.factors, { fixed: [], unit, resumes: earlier !== undefined }).factors
        : sizedStart(drawn(x.shape, rank, seed + i), constraints, level.size),
      model: AlsModel = earlier
        ? { factors: from, weights: Float64Array.from(earlier.extrapolation.weights) }
        : { factors: satisfying(from, constraints), weights: new Float64Array(rank).fill(1) },
      resumed = earlier ?? { relativeError: Infinity, extrapolation: noExtrapolation(of, model) };
    return { states: als(problem, model, { ...settings, resumed }), trace: [], steps: 0, score: Infinity, done: false };
  });
  return {
    where,
    runners,
    rank,
    unit,
    upright: uprightModes(constraints),
    sweeps,
    provenance: provenance(
      "cpAlsSparse",
      seed,
      { starts, sweeps, tolerance, constraints: described },
      { rank, entries: x.values.length, start: given ? given.factors.map(({ data }) => checksum(data)) : null },
    ),
  };
}

function drawn(shape: readonly number[], rank: number, seed: number): Matrix[] {
  return shape.map((rows, mode) => ({
    shape: [rows, rank],
    data: Float64Array.from({ length: rows * rank }, random(seed, `cp start, mode ${mode}`).normal),
  }));
}

/** The memory of an earlier result of the same tensor, under the same constraints. */
function resumable(
  result: CpResult | undefined,
  of: number,
  constraints: readonly unknown[],
): Pick<AlsState, "relativeError" | "extrapolation"> | undefined {
  const { extrapolation, relativeError, provenance: made } = result ?? {};
  if (!extrapolation || relativeError === undefined || extrapolation.of !== of) return undefined;
  return JSON.stringify(made?.options.constraints) === JSON.stringify(constraints)
    ? { relativeError, extrapolation }
    : undefined;
}
