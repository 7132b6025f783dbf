import { fail } from "../base";
import { rescaled } from "../factored";
import { orthonormalColumns } from "../linalg";
import type { Shape, Tensor } from "../tensor";
import { sorted } from "./fit-part";
import { evenParts, orderedComponents } from "./invariance";
import { partOf, unflat, type FlatPart } from "./part";
import type { SliceRanks, SliceTcaResult } from "./slice-model";
import type { SliceTcaOptions } from "./slice-options";
import { slicePlan, type SlicePlan } from "./slice-plan";
import { sliceRun, type SliceState } from "./slice-run";

/**
 * Slice tensor component analysis of a tensor of three modes or more: a sum of components of as many kinds as there are
 * modes, each a vector over one mode times a slice over the others, `x ≈ Σ_r u_r ∘ U_r + Σ_r v_r ∘ V_r + Σ_r w_r ∘
 * W_r`.
 *
 * A sweep takes each kind in turn: its vectors become the best ones together with the slices of all kinds, which are
 * eliminated, so the error never rises. Non-negative components of a kind are fitted to the residual of the others.
 * Slow sweeps are extrapolated; one that raises the error is undone.
 *
 * The result is made unique: of all models of the same tensor, it is the one whose parts, one for each kind, have the
 * smallest sum of squares; within each kind vectors are orthonormal, slices orthogonal, and both sorted by size.
 * Non-negative components have unit vectors, are sorted by size, and are not changed otherwise.
 *
 * @param x - such as (trials × time × units), finite where observed
 * @param ranks - number of components whose vector lies in mode 0, 1, 2 and so on
 * @throws {@link LtrnnError} when x has fewer than three modes, ranks do not fit, or an observed entry is not finite
 * @remarks O(sweeps · entries · smaller side of each unfolding). Planted tensors take about 10 sweeps; with
 * missing entries, or non-negative, 10 to 300.
 * @see Pellegrino, Stein & Cayco-Gajic (2024), Dimensionality reduction beyond neural subspaces with slice tensor
 * component analysis, Nature Neuroscience 27
 * @example sliceTca(tensor([2, 2, 2], [1, 2, 3, 4, 2, 4, 6, 8]), [1, 0, 0]).relativeError < 1e-12 // true
 */
export function sliceTca(x: Tensor, ranks: SliceRanks, options: SliceTcaOptions = {}): SliceTcaResult {
  const plan = slicePlan("sliceTca", x, ranks, options, 3);
  let best: SliceTcaResult | undefined;
  const errors: number[] = [];
  for (let start = 0; start < plan.starts; start++) {
    let end: SliceState | undefined;
    for (const state of sliceRun(plan, start)) end = state;
    const { error } = end as SliceState;
    errors.push(error);
    if (best === undefined || error < best.relativeError) best = resultOf(plan, end as SliceState, []);
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
    for (const state of sliceRun(plan, 0)) yield resultOf(plan, state, []);
  })();
}

/** The result that a state stands for, in its unique form. */
function resultOf(plan: SlicePlan, state: SliceState, starts: readonly number[]): SliceTcaResult {
  const { x, ranks, unit } = plan,
    { parts, error, trace, status, extrapolation } = state,
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
    extrapolation,
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
