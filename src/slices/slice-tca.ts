import { fail, type Status } from "../base";
import { rescaled } from "../factored";
import { orthonormalColumns } from "../linalg";
import { norm, type Shape, type Tensor } from "../tensor";
import { bestOfRank, nonNegativePart, sorted, type FlatPart } from "./fit-part";
import { evenParts, orderedComponents } from "./invariance";
import { partOf, rowsOf, unflat } from "./part";
import type { SliceRanks, SliceTcaResult } from "./slice-model";
import type { SliceTcaOptions } from "./slice-options";
import { slicePlan, sliceStart, type SlicePlan } from "./slice-plan";

/**
 * Slice tensor component analysis of a tensor of three modes or more: a sum of components of as many kinds as there are
 * modes, each a vector over one mode times a slice over the others, `x ≈ Σ_r u_r ∘ U_r + Σ_r v_r ∘ V_r + Σ_r w_r ∘
 * W_r`.
 *
 * Each block, the components of one kind, is the best low-rank approximation of the residual of the others: exact, so
 * the error never rises. The result is made unique: of all models of the same tensor, it is the one whose parts, one
 * for each kind, have the smallest sum of squares; within each kind vectors are orthonormal, slices orthogonal, and
 * both sorted by size. Non-negative components have unit vectors, are sorted by size, and are not changed otherwise.
 *
 * @param x - such as (trials × time × units), finite where observed
 * @param ranks - number of components whose vector lies in mode 0, 1, 2 and so on
 * @throws {@link LtrnnError} when x has fewer than three modes, ranks do not fit, or an observed entry is not finite
 * @remarks O(sweeps · entries · smaller side of each unfolding).
 * @see Pellegrino, Stein & Cayco-Gajic (2024), Dimensionality reduction beyond neural subspaces with slice tensor
 * component analysis, Nature Neuroscience 27
 * @example sliceTca(tensor([2, 2, 2], [1, 2, 3, 4, 2, 4, 6, 8]), [1, 0, 0]).relativeError < 1e-12 // true
 */
export function sliceTca(x: Tensor, ranks: SliceRanks, options: SliceTcaOptions = {}): SliceTcaResult {
  const plan = slicePlan("sliceTca", x, ranks, options, 3);
  let best: SliceTcaResult | undefined;
  const errors: number[] = [];
  for (let start = 0; start < plan.starts; start++) {
    let end: State | undefined;
    for (const state of run(plan, start)) end = state;
    const { error } = end as State;
    errors.push(error);
    if (best === undefined || error < best.relativeError) best = resultOf(plan, end as State, []);
  }
  return { ...(best as SliceTcaResult), starts: plan.given ? [] : errors };
}

/**
 * The stepwise form of {@link sliceTca} from one start: it yields after every sweep. Wrong calls are refused at once.
 *
 * @throws {@link LtrnnError} as sliceTca, and for more than one start
 * @example [...sliceTcaSweeps(tensor([2, 2, 2], [1, 2, 3, 4, 2, 4, 6, 9]), [1, 0, 0])].length // 2
 */
export function sliceTcaSweeps(x: Tensor, ranks: SliceRanks, options: SliceTcaOptions = {}): Generator<SliceTcaResult> {
  const plan = slicePlan("sliceTcaSweeps", x, ranks, options, 1);
  if (plan.starts > 1)
    fail("sliceTcaSweeps", {
      expected: "one start",
      got: `${plan.starts} starts`,
      fix: "Run each seed, or let sliceTca compare them.",
    });
  return (function* () {
    for (const state of run(plan, 0)) yield resultOf(plan, state, []);
  })();
}

interface State {
  readonly parts: readonly FlatPart[];
  readonly error: number;
  readonly trace: readonly number[];
  readonly status: Status;
}

/**
 * Block coordinate descent. Missing entries are those of the model, so their residual is zero. The state between sweeps
 * is the parts alone, so that a run resumes to the bit.
 */
function* run(plan: SlicePlan, start: number): Generator<State> {
  const { x, ranks, mask, size, sweeps, threshold, raw, given } = plan,
    trace: number[] = [],
    makes = (part: FlatPart, mode: number) => partOf(unflat(part, x.shape, mode), x.shape, mode);
  let parts: readonly FlatPart[] = sliceStart(plan, start),
    made = parts.map(makes),
    residual = residualOf(x, made, mask),
    before = Infinity;
  if (raw && errorOf(residual, size) === (given as SliceTcaResult).relativeError) before = errorOf(residual, size);
  for (;;) {
    const next = [...parts],
      making = [...made];
    for (let mode = 0; mode < ranks.length; mode++) {
      if (ranks[mode] === 0) continue;
      const left = rowsOf({ shape: x.shape, data: residual.map((value, i) => value + making[mode][i]) }, mode);
      next[mode] = plan.nonNegative ? nonNegativePart(left, next[mode]) : bestOfRank(left, ranks[mode]);
      making[mode] = makes(next[mode], mode);
      residual = residualOf(x, making, mask);
    }
    const reached = errorOf(residual, size),
      rose = reached > before, // no block update raises the error: rounding, so it has settled
      error = rose ? before : reached,
      settled = rose || error === 0 || before - error <= threshold;
    if (!rose) [parts, made] = [next, making];
    trace.push(error);
    const status: Status = settled ? "converged" : trace.length === sweeps ? "exhausted" : "running";
    yield { parts: [...parts], error, trace: [...trace], status };
    if (status !== "running") return;
    before = error;
  }
}

const errorOf = (residual: Float64Array, size: number): number =>
  size === 0 ? 0 : norm({ shape: [residual.length], data: residual }) / size;

/** x less the parts; 0 where x is missing. */
function residualOf({ data }: Tensor, parts: readonly Float64Array[], mask: Float64Array | undefined) {
  const residual = data.slice();
  for (const part of parts) for (let i = 0; i < residual.length; i++) residual[i] -= part[i];
  if (mask) for (let i = 0; i < residual.length; i++) if (mask[i] === 0) residual[i] = 0;
  return residual;
}

/** The result that a state stands for, in its unique form. */
function resultOf(plan: SlicePlan, { parts, error, trace, status }: State, starts: readonly number[]): SliceTcaResult {
  const { x, ranks, unit } = plan,
    components = plan.nonNegative
      ? parts.map((part, mode) => unflat(sorted(part), x.shape, mode))
      : uniqueComponents(parts, ranks, x.shape);
  return {
    components: components.map(({ vectors, slices }) => ({
      vectors,
      slices: rescaled(slices, unit),
    })) as unknown as SliceTcaResult["components"],
    relativeError: error,
    trace: [...trace],
    sweeps: trace.length,
    status,
    starts,
    raw: parts.map((part, mode) => unflat(part, x.shape, mode)) as unknown as SliceTcaResult["raw"],
    provenance: plan.provenance,
  };
}

/**
 * Orthonormal vectors and orthogonal slices, sorted by size, of the parts of this tensor with the smallest sum of
 * squares.
 */
export function uniqueComponents(
  parts: readonly FlatPart[],
  ranks: readonly number[],
  shape: Shape,
): SliceTcaResult["components"] {
  const [whole, ...others] = parts.map((part, mode) => partOf(unflat(part, shape, mode), shape, mode));
  for (const part of others) for (let i = 0; i < whole.length; i++) whole[i] += part[i];
  return evenParts(
    whole,
    parts.map(({ vectors }, mode) => (ranks[mode] === 0 ? vectors : orthonormalColumns(vectors))),
    shape,
  ).map((part, mode) => orderedComponents(part, ranks[mode], shape, mode)) as unknown as SliceTcaResult["components"];
}
