import { zeros, type Tensor3 } from "../tensor";

/** The trials and bins that have inputs. */
export interface DrivenBins {
  /** the condition of each trial, as a row */
  readonly conditions: readonly number[];
  readonly conditionCount: number;
  /** bins of a trial */
  readonly time: number;
  /** bins with inputs, at the beginning of a trial: in later ones all inputs are 0, and the network is autonomous */
  readonly driven: number;
}

/**
 * Inputs of conditions in their driven bins (conditions × driven × inputs) for every trial (trials × time × inputs),
 * beside the adjoint, which sums over the trials of a condition.
 */
export function overTrials(
  u: Tensor3,
  { conditions, conditionCount, time, driven }: DrivenBins,
): readonly [every: Tensor3, adjoint: (dEvery: Tensor3) => Tensor3] {
  const inputs = u.shape[2],
    size = driven * inputs,
    whole = time * inputs,
    every = zeros([conditions.length, time, inputs]);
  for (const [trial, row] of conditions.entries())
    every.data.set(u.data.subarray(row * size, (row + 1) * size), trial * whole);
  const adjoint = (dEvery: Tensor3): Tensor3 => {
    const du = zeros([conditionCount, driven, inputs]);
    for (const [trial, row] of conditions.entries())
      for (let s = 0; s < size; s++) du.data[row * size + s] += dEvery.data[trial * whole + s];
    return du;
  };
  return [every, adjoint];
}

/** The driven bins of inputs in all bins (rows × time × inputs). */
export function drivenPart({ shape: [rows, time, inputs], data }: Tensor3, driven: number): Tensor3 {
  const part = zeros([rows, driven, inputs]),
    size = driven * inputs;
  for (let row = 0; row < rows; row++)
    part.data.set(data.subarray(row * time * inputs, row * time * inputs + size), row * size);
  return part;
}

/** The same, 0 in the bins after (rows × time × inputs). */
export function inAllBins({ shape: [rows, driven, inputs], data }: Tensor3, time: number): Tensor3 {
  const whole = zeros([rows, time, inputs]),
    size = driven * inputs;
  for (let row = 0; row < rows; row++) whole.data.set(data.subarray(row * size, (row + 1) * size), row * time * inputs);
  return whole;
}
