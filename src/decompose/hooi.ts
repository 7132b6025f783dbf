import { unfold, type Matrix, type Tensor } from "../tensor";
import { leadingVectorsOf } from "./leading-vectors";
import { contractMode, expandedBy, projectedBy, tuckerError, tuckerResidual } from "./mode-kernels";

/** A Tucker model between sweeps, and its error. */
export interface HooiState {
  readonly core: Tensor;
  /** orthonormal columns; undefined for modes left whole */
  readonly factors: readonly (Matrix | undefined)[];
  /** `‖x - x̂‖ / ‖x‖` over the observed entries */
  readonly relativeError: number;
  /** whether the error has settled */
  readonly settled: boolean;
}

/** The problem that HOOI solves. */
export interface HooiProblem {
  /** NaN where an entry is missing */
  readonly x: Tensor;
  readonly imputes: boolean;
  /** the norm of the observed entries */
  readonly norm: number;
  /** modes whose factors stay */
  readonly fixed: readonly number[];
  /** the error has settled when a sweep changes it by no more than this */
  readonly threshold: number;
}

/**
 * Higher-order orthogonal iteration: in turn, the factor of every mode becomes the leading left singular vectors of x
 * projected on the factors of all others. Entries that are missing are imputed from the model before each sweep
 * (expectation maximization), which never raises the error over the observed ones either.
 *
 * @remarks It yields the start, then after every sweep, and never ends: the caller stops it.
 * @see De Lathauwer, De Moor & Vandewalle (2000), On the best rank-1 and rank-(R1, ..., RN) approximation of
 * higher-order tensors, SIAM J. Matrix Anal. Appl. 21, 1324
 */
export function* hooi(
  problem: HooiProblem,
  start: { readonly factors: readonly (Matrix | undefined)[]; readonly core?: Tensor },
  filled: Tensor,
): Generator<HooiState> {
  const { x, imputes, norm, fixed, threshold } = problem,
    factors = [...start.factors],
    free = [...factors.keys()].filter((mode) => factors[mode] && !fixed.includes(mode));
  let full = filled,
    core = start.core ?? projectedBy(full, factors),
    relativeError = errorOf(core);
  yield { core, factors: [...factors], relativeError, settled: free.length === 0 && !imputes };
  for (;;) {
    if (imputes) full = imputed(x, expandedBy(core, factors));
    if (free.length === 0) core = projectedBy(full, factors);
    for (const { mode, projected } of projections(full, factors, free)) {
      const old = factors[mode] as Matrix,
        next = leadingVectorsOf(unfold(projected, mode), old.shape[1], old);
      factors[mode] = next;
      if (mode === free[free.length - 1]) core = contractMode(projected, next, mode);
    }
    const before = relativeError;
    relativeError = errorOf(core);
    yield { core, factors: [...factors], relativeError, settled: Math.abs(before - relativeError) <= threshold };
  }

  function errorOf(of: Tensor): number {
    if (norm === 0) return 0;
    return imputes ? Math.sqrt(tuckerResidual(x, of, factors)) / norm : tuckerError(x, norm, of, factors);
  }
}

/** x with its missing entries taken from the model. */
export const imputed = (x: Tensor, model: Tensor): Tensor => ({
  shape: x.shape,
  data: x.data.map((value, i) => (Number.isNaN(value) ? model.data[i] : value)),
});

/**
 * For every free mode in order, x projected on the factors of all others; the caller replaces the factor of a mode
 * before it asks for the next. A dimension tree: the projection on the last modes serves all first ones, so that x is
 * read twice a sweep, not once a mode.
 */
export function* projections(
  x: Tensor,
  factors: readonly (Matrix | undefined)[],
  free: readonly number[],
): Generator<{ readonly mode: number; readonly projected: Tensor }> {
  const others = (y: Tensor, kept: readonly number[], among: readonly number[]) =>
    projectedBy(
      y,
      factors.map((u, mode) => (among.includes(mode) && !kept.includes(mode) ? u : undefined)),
    );
  const all = [...factors.keys()],
    fixedOnes = all.filter((mode) => !free.includes(mode));
  yield* below(others(x, [], fixedOnes), free);

  function* below(
    y: Tensor,
    modes: readonly number[],
  ): Generator<{ readonly mode: number; readonly projected: Tensor }> {
    if (modes.length === 1) yield { mode: modes[0], projected: y };
    if (modes.length < 2) return;
    const half = Math.ceil(modes.length / 2),
      first = modes.slice(0, half),
      second = modes.slice(half);
    yield* below(others(y, first, modes), first);
    yield* below(others(y, second, modes), second);
  }
}
