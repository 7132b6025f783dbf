import { checkAbove, random, readOptions, type FieldsOf } from "../base";
import { checkFinite, checkTensor, norm, type Tensor } from "../tensor";
import { checkRange } from "./units";

export interface AddNoiseOptions {
  /** default 0 */
  readonly seed?: number;
}

const noiseFields = { seed: { is: "seed", fallback: 0 } } as const satisfies FieldsOf<AddNoiseOptions>;

/**
 * x with normal noise whose norm is `level` times that of x, exactly: what is left of x has the relative error
 * `level`, about.
 *
 * @param level - at least 0
 * @throws {@link LtrnnError} when an entry is not finite, or the level is below 0
 * @remarks O(entries). The same seed gives the same bits.
 * @example addNoise(tensor([2], [3, 4]), 0.1, { seed: 1 }).shape // [2]
 */
export function addNoise(x: Tensor, level: number, options: AddNoiseOptions = {}): Tensor {
  const where = "addNoise",
    { seed } = readOptions<AddNoiseOptions, typeof noiseFields>(where, options, noiseFields);
  checkTensor(where, "x", x);
  checkFinite(where, "x", x);
  checkAbove(where, "level", level, 0, true);
  const noise = Float64Array.from({ length: x.data.length }, random(seed, "noise").normal),
    scale = (level * norm(x)) / (norm({ shape: x.shape, data: noise }) || 1),
    data = x.data.map((value, i) => value + scale * noise[i]);
  checkRange(where, "entries", data);
  return { shape: x.shape, data };
}
