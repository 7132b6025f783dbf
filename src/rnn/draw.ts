import { random, type Random } from "../base";
import { zeros, type Matrix } from "../tensor";
import type { Setting, SharedParams } from "./network";

/** What `random` of every model wants: sizes, the setting, and how strong the recurrence is. */
export interface RandomSpec extends Partial<Setting> {
  readonly units: number;
  readonly inputs: number;
  /** size of the readout; absent: no readout, the outputs are the units */
  readonly outputs?: number;
  /** scale of the recurrent weights: about the spectral radius of W for full rank, and for low rank the scale of each a_r b_r'. Default 1 */
  readonly gain?: number;
}

/** A matrix of independent normal entries. */
export function normalMatrix(stream: Random, rows: number, columns: number, std: number): Matrix {
  const out = zeros([rows, columns]);
  for (let i = 0; i < out.data.length; i++) out.data[i] = std * stream.normal();
  return out;
}

/** Input weights of unit variance per input, a bias and an initial state of zeros, and a readout of variance 1 / units². */
export function drawShared(seed: number, { units, inputs, outputs }: RandomSpec): SharedParams {
  return {
    wIn: normalMatrix(random(seed, "wIn"), units, inputs, 1 / Math.sqrt(Math.max(1, inputs))),
    x0: zeros([1, units]),
    bias: zeros([units]),
    ...(outputs === undefined
      ? {}
      : { readout: normalMatrix(random(seed, "readout"), outputs, units, 1 / units), readoutBias: zeros([outputs]) }),
  };
}
