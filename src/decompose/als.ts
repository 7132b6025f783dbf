import { gramOfOthers } from "../factored";
import { gram, type Matrix, type Tensor } from "../tensor";
import type { AlsModel, LeastSquares, Swept } from "./als-model";
import { bestWeights, scaledColumns, scaledRows } from "./component-weights";
import { extrapolated, keepSweep, startsBelow, undoSweep, type Extrapolation } from "./extrapolation";
import { innerProduct, relativeErrorOf, squaresOf } from "./relative-error";
import { dimensionTree } from "./dimension-tree";
import type { UpdateFactor } from "./update-factor";

/** The state of the algorithm after a sweep. */
export interface AlsState extends Swept {
  readonly extrapolation: Extrapolation;
  /** whether the error has settled */
  readonly settled: boolean;
}

export interface AlsSettings {
  /** the error has settled when a sweep changes it by no more than this */
  readonly threshold: number;
  /** whether exact arithmetic never raises the error, so that a rise is rounding and the sweep is undone */
  readonly monotone: boolean;
  /** whether slow sweeps are extrapolated */
  readonly accelerate: boolean;
  /** modes whose factors are given and never updated */
  readonly fixed: readonly number[];
  /** where an earlier run is resumed: the error of its last sweep, and the memory of its extrapolation */
  readonly resumed: Pick<AlsState, "relativeError" | "extrapolation">;
}

/**
 * CP decomposition by alternating least squares. Extrapolation, constraints, missing entries, compression and the
 * comparison of starts are in other files; without them this is the published algorithm, except that columns are
 * normalized in the results (cp-result.ts) and not inside the loop, which does not change the model.
 *
 * @remarks It yields after every sweep and never ends: the caller stops it, when the error has settled or sweeps run
 * out.
 * @see Kolda & Bader (2009), Tensor decompositions and applications, SIAM Review 51, figure 3.3
 */
export function* als<M extends AlsModel = AlsModel>(
  problem: LeastSquares<M>,
  start: M,
  { threshold, monotone, accelerate, fixed, resumed }: AlsSettings,
): Generator<M & AlsState> {
  let model = start, // initialize A_1, ..., A_N
    { relativeError, extrapolation } = resumed;
  for (;;) {
    const further = accelerate ? extrapolated(model, extrapolation, fixed) : undefined,
      ahead = further ? { ...model, ...further } : undefined,
      next = problem.sweep(ahead ?? model, extrapolation.odd), // for n = 1, ..., N: update A_n
      drop = relativeError - next.relativeError;
    const rejected = ahead ? !(drop > 0) : monotone && drop < 0;
    if (rejected) {
      if (ahead) extrapolation = undoSweep(extrapolation);
      // a plain sweep that raised the error: rounding, so it has settled
      yield { ...model, relativeError, singular: next.singular, extrapolation, settled: !ahead };
      continue;
    }
    const below = startsBelow(problem.imputes);
    extrapolation = keepSweep(extrapolation, { before: model, after: next, drop, isExtrapolated: !!ahead, below });
    model = next;
    relativeError = next.relativeError;
    // until fit ceases to improve
    yield { ...next, extrapolation, settled: relativeError === 0 || Math.abs(drop) <= threshold };
  }
}

/**
 * The least squares problem of a tensor whose entries are all known, or imputed where they are NaN.
 *
 * With `weighted`, the components have weights in addition to their factors: `x ≈ sum_r weights_r a_r ∘ b_r ∘ ...`.
 * Weights are the least squares solution for the factors before and after each update, and the normal equations of a
 * mode are those of its factor with the weights held.
 *
 * @param update - finds the factor of a mode from its normal equations
 * @param norm - of x
 */
export function leastSquares(
  x: Tensor,
  rank: number,
  {
    update,
    norm,
    imputes = false,
    weighted = false,
  }: {
    readonly update: UpdateFactor;
    readonly norm: number;
    readonly imputes?: boolean;
    readonly weighted?: boolean;
  },
): LeastSquares {
  const passes = dimensionTree(x, rank, imputes);
  return {
    norm,
    imputes,
    sweep(model, odd) {
      const factors = [...model.factors],
        weights = model.weights.slice(),
        columns = (m: Matrix) => scaledColumns(m, weights),
        scaled = (m: Matrix) => columns(scaledRows(m, weights)),
        grams = factors.map(gram); // A_1'A_1, ..., A_N'A_N
      let singular = false,
        inner = 0;
      // for n = 1, ..., N: products = X_(n) (A_N ⊙ ... ⊙ A_1), without A_n. That is the order of columns of Kolda and
      // Bader, who count modes from 1; unfold has the other one, (A_0 ⊙ ... ⊙ A_{N-1}), and the product is the same
      for (const { mode, products } of passes.sweep(factors, odd, weights)) {
        if (weighted) weights.set(bestWeights(gramOfOthers(grams, -1), factors[mode], products));
        const normal = scaled(gramOfOthers(grams, mode)), // V = A_1'A_1 * ... * A_N'A_N, without A_n'A_n
          solution = update(mode, normal, columns(products), factors[mode]); // A_n V = products
        factors[mode] = solution.factor;
        grams[mode] = gram(solution.factor);
        singular ||= solution.singular;
        if (mode < factors.length - 1) continue;
        if (weighted) weights.set(bestWeights(gramOfOthers(grams, -1), factors[mode], products));
        inner = innerProduct(columns(solution.factor), products); // <x, x̂>
      }
      const overlaps = scaled(gramOfOthers(grams, -1)), // inner products of components: they sum to ‖x̂‖²
        relativeError = relativeErrorOf(norm, { inner, ...squaresOf(overlaps), imputes }, () =>
          passes.residual(factors, weights),
        );
      return { factors, weights, relativeError, singular };
    },
  };
}
