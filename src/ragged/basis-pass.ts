import { addLeft, addRight, contractionKernels } from "../kernels";
import { transpose, type Matrix } from "../tensor";
import { polarWork } from "./polar-factor";
import type { Stacked } from "./stacked";

/**
 * One pass over the trials: while a trial is in the workspace, its basis is found, the polar factor of `X_k A diag(c_k)
 * B'`, and the trial projected on it.
 *
 * @param projected - zeros in the workspace, at this address: they become `P_k' X_k`, (trials × rank × units)
 * @returns the bases, one below the other
 * @remarks O(entries · rank), and one small eigenvalue problem a trial.
 */
export function basisPass(
  trials: readonly Matrix[],
  [loadings, common, unitFactor]: readonly Matrix[],
  projected: number,
): Stacked {
  const kernels = contractionKernels(),
    { workspace } = kernels,
    [units, rank] = unitFactor.shape,
    most = trials.reduce((longest, { shape }) => Math.max(longest, shape[0]), 0),
    ends: number[] = [];
  let rows = 0;
  for (const { shape } of trials) {
    rows += shape[0];
    ends.push(rows);
  }
  return workspace.within(() => {
    const trial = workspace.take(most * units * 8, false),
      unitsT = workspace.take(rank * units * 8),
      along = workspace.take(most * rank * 8), // X_k A
      bases = workspace.take(rows * rank * 8),
      mixing = workspace.take(rank * rank * 8), // B diag(c_k): the transpose of what X_k A is multiplied by
      polar = polarWork(rank, most),
      reals = workspace.f64;
    reals.set(transpose(unitFactor).data, unitsT / 8);
    for (let k = 0, basis = bases, inside = projected; k < trials.length; k++) {
      const { shape, data } = trials[k],
        bins = shape[0];
      reals.set(data, trial / 8);
      for (let i = 0; i < rank; i++)
        for (let r = 0; r < rank; r++)
          reals[mixing / 8 + i * rank + r] = common.data[i * rank + r] * loadings.data[k * rank + r];
      reals.fill(0, along / 8, along / 8 + bins * rank);
      addRight(kernels, along, trial, unitsT, bins, units, rank);
      addRight(kernels, basis, along, mixing, bins, rank, rank);
      polar(basis, bins);
      addLeft(kernels, inside, trial, basis, bins, units, rank);
      basis += 8 * bins * rank;
      inside += 8 * rank * units;
    }
    return { x: { shape: [rows, rank], data: reals.slice(bases / 8, bases / 8 + rows * rank) }, ends };
  });
}
