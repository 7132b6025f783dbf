import { safeUnit } from "../base";

import type { Tensor3 } from "../tensor";
import { checkUnit } from "./spread";

/** Known inputs in standard units, and the unit of each. */
export interface StandardInputs {
  readonly inputs: Tensor3;
  readonly scales: Float64Array;
}

/**
 * Every input over its root mean square, so that a fit does not depend on their units.
 */
export function standardizeInputs(where: string, inputs: Tensor3): StandardInputs {
  const scales = rootMeanSquares(where, inputs),
    count = scales.length;
  return {
    inputs: { shape: inputs.shape, data: inputs.data.map((u, index) => u / scales[index % count]) },
    scales,
  };
}

/** Of each input over trials and time; 1 for an input that is always 0. */
function rootMeanSquares(where: string, { shape: [trials, time, count], data }: Tensor3): Float64Array {
  const largest = new Float64Array(count),
    squares = new Float64Array(count);
  for (let index = 0; index < data.length; index++)
    largest[index % count] = Math.max(largest[index % count], Math.abs(data[index]));
  for (const value of largest) checkUnit(where, "every input", value);
  const units = largest.map(safeUnit);
  for (let index = 0; index < data.length; index++) {
    const u = units[index % count] * data[index];
    squares[index % count] += u * u;
  }
  return squares.map((sum, input) => (sum > 0 ? Math.sqrt(sum / (trials * time)) / units[input] : 1));
}
