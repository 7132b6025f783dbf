import { addLeft, addRight, contractionKernels } from "../kernels";
import { transpose, type Matrix } from "../tensor";
import { polarWork } from "./polar-factor";
import { trialsOf, type Stacked } from "./stacked";

/**
 * One pass over the trials: while a trial is in the workspace, its basis is found, the polar factor of `X_k A diag(c_k)
 * B'`, and the trial projected on it.
 *
 * @param projected - becomes `P_k' X_k`, (trials × rank × units)
 * @returns the bases, views of one array
 * @remarks O(entries · rank), and one small eigenvalue problem a trial.
 */
export function basisPass(
  { x, ends }: Stacked,
  [trials, common, unitFactor]: readonly Matrix[],
  projected: Float64Array,
): Matrix[] {
  const kernels = contractionKernels(),
    { workspace } = kernels,
    rank = common.shape[0],
    [rows, units] = x.shape,
    bases = new Float64Array(rows * rank),
    most = ends.reduce((longest, end, k) => Math.max(longest, end - (k === 0 ? 0 : ends[k - 1])), 0);
  workspace.within(() => {
    const trial = workspace.take(most * units * 8, false),
      unitsT = workspace.take(rank * units * 8),
      loadings = workspace.take(most * rank * 8),
      basis = workspace.take(most * rank * 8),
      mixing = workspace.take(rank * rank * 8), // B diag(c_k): the transpose of what loadings are multiplied by
      inside = workspace.take(rank * units * 8),
      polar = polarWork(rank, most),
      reals = workspace.f64;
    reals.set(transpose(unitFactor).data, unitsT / 8);
    for (let k = 0, first = 0; k < ends.length; first = ends[k++]) {
      const bins = ends[k] - first;
      reals.set(x.data.subarray(first * units, ends[k] * units), trial / 8);
      for (let i = 0; i < rank; i++)
        for (let r = 0; r < rank; r++)
          reals[mixing / 8 + i * rank + r] = common.data[i * rank + r] * trials.data[k * rank + r];
      for (const product of [loadings, basis]) reals.fill(0, product / 8, product / 8 + bins * rank);
      addRight(kernels, loadings, trial, unitsT, bins, units, rank);
      addRight(kernels, basis, loadings, mixing, bins, rank, rank);
      polar(basis, bins);
      bases.set(reals.subarray(basis / 8, basis / 8 + bins * rank), first * rank);
      reals.fill(0, inside / 8, inside / 8 + rank * units);
      addLeft(kernels, inside, trial, basis, bins, units, rank);
      projected.set(reals.subarray(inside / 8, inside / 8 + rank * units), k * rank * units);
    }
  });
  return trialsOf({ x: { shape: [rows, rank], data: bases }, ends });
}
