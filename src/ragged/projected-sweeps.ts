import { innerProduct, squaresOf, type UpdateFactor } from "../decompose";
import { gramOfOthers } from "../factored";
import { addLeft, addRight, contractionKernels } from "../kernels";
import { gram, type Matrix } from "../tensor";

/** Number of sweeps for each choice of bases: they cost little compared with that choice. */
const innerSweeps = 5;

/** A CP model of the projected trials. */
export interface ProjectedModel {
  /** (trials × rank), (rank × rank) and (units × rank) */
  readonly factors: readonly Matrix[];
  /** whether normal equations were singular to rounding in the last sweep */
  readonly singular: boolean;
  /** `‖y‖² - ‖y - ŷ‖²` */
  readonly explained: number;
  /** the sum of the squared norms of the components: where it is larger than `‖y‖²`, they cancel */
  readonly componentsSquared: number;
}

/**
 * Sweeps of CP-ALS over the projected trials y (trials × rank × units), at an address in the workspace, where they
 * stay. Each sweep reads them twice: once to update the factor of the trials, and once, contracted with that factor, to
 * update the common factor and that of the units.
 *
 * @remarks O(trials · units · rank²).
 */
export function projectedSweeps(y: number, start: readonly Matrix[], update: UpdateFactor): ProjectedModel {
  const kernels = contractionKernels(),
    { workspace } = kernels,
    factors = [...start],
    grams = factors.map(gram),
    [trials, rank] = start[0].shape,
    units = start[2].shape[0],
    wide = rank * units,
    room = units + 1; // sums over rows write one number past the end of an odd count
  let singular = false,
    inner = 0;
  const solve = (mode: number, data: Float64Array) => {
    const products: Matrix = { shape: factors[mode].shape, data },
      solution = update(mode, gramOfOthers(grams, mode), products, factors[mode]);
    factors[mode] = solution.factor;
    grams[mode] = gram(solution.factor);
    singular ||= solution.singular;
    inner = innerProduct(solution.factor, products);
  };
  workspace.within(() => {
    const ofTrials = workspace.take(trials * rank * 8),
      loadings = workspace.take(trials * rank * 8),
      joined = workspace.take(rank * wide * 8), // column r of the Khatri-Rao product of the others, for every r
      // `sum_k c_kr y_k`, (rank × rank × units); kernels read up to three rows past the last
      weighted = workspace.take((rank * wide + 3 * units) * 8),
      unitsT = workspace.take(wide * 8),
      commonT = workspace.take(rank * rank * 8),
      sums = workspace.take(rank * Math.max(room, rank + 3) * 8);
    /** The sums that `add` makes for every component, (size × rank). */
    const summed = (size: number, stride: number, add: (to: number, r: number) => void) => {
      workspace.f64.fill(0, sums / 8, sums / 8 + rank * stride);
      for (let r = 0; r < rank; r++) add(sums + 8 * r * stride, r);
      return transposed(workspace.f64, sums / 8, rank, stride, new Float64Array(size * rank), 0, size);
    };
    for (let sweep = 0; sweep < innerSweeps; sweep++) {
      singular = false;
      const reals = workspace.f64,
        [, { data: common }, { data: unitFactor }] = factors;
      transposed(unitFactor, 0, units, rank, reals, unitsT / 8, rank);
      for (let r = 0, to = joined / 8; r < rank; r++)
        for (let i = 0; i < rank; i++)
          for (let j = 0, from = unitsT / 8 + r * units; j < units; j++)
            reals[to++] = common[i * rank + r] * reals[from++];
      reals.fill(0, ofTrials / 8, ofTrials / 8 + trials * rank);
      addRight(kernels, ofTrials, y, joined, trials, wide, rank);
      solve(0, reals.slice(ofTrials / 8, ofTrials / 8 + trials * rank));
      workspace.f64.set(factors[0].data, loadings / 8);
      workspace.f64.fill(0, weighted / 8, weighted / 8 + rank * wide);
      addLeft(kernels, weighted, y, loadings, trials, wide, rank);
      solve(
        1,
        summed(rank, rank + 3, (to, r) =>
          kernels.sumColumns(to, weighted + 8 * r * wide, unitsT + 8 * r * units, rank, units, 1),
        ),
      );
      transposed(factors[1].data, 0, rank, rank, workspace.f64, commonT / 8, rank);
      solve(
        2,
        summed(units, room, (to, r) =>
          kernels.sumRows(to, weighted + 8 * r * wide, commonT + 8 * r * rank, rank, units),
        ),
      );
    }
  });
  const { modelSquared, componentsSquared } = squaresOf(gramOfOthers(grams, -1));
  return { factors, singular, explained: 2 * inner - modelSquared, componentsSquared };
}

/** Copy the first `count` columns of a matrix as rows, from one address to another. */
function transposed(
  from: Float64Array,
  first: number,
  rows: number,
  columns: number,
  to: Float64Array,
  place: number,
  count: number,
): Float64Array {
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < count; j++) to[place + j * rows + i] = from[first + i * columns + j];
  return to;
}
