import { random } from "../base";
import { exponentOf, rescaled, type Level } from "../factored";
import type { Matrix, Tensor } from "../tensor";

/**
 * Normal random factors. Where the level of x is given, their model is of its size, by a power of two in the first
 * mode, so that a run does not depend on the unit of x; where x has a large offset, the first component is the offset,
 * and the others have the size of the variation about it.
 */
export function randomStart(x: Tensor, rank: number, seed: number, level?: Level): Matrix[] {
  const factors = x.shape.map((rows, mode): Matrix => {
    const stream = random(seed, `cp start, mode ${mode}`);
    return { shape: [rows, rank], data: Float64Array.from({ length: rows * rank }, stream.normal) };
  });
  if (!level || level.size === 0) return factors;
  const { size, variation, offset } = level,
    drawn = Math.sqrt(rank * x.data.length); // the expected norm
  const exponent = exponentOf(offset ? size * variation : size) - exponentOf(drawn);
  factors[0] = rescaled(factors[0], exponent);
  if (offset)
    factors.forEach((f, mode) => {
      for (let i = 0; i < f.shape[0]; i++) f.data[i * rank] = offset[mode].data[i];
    });
  return factors;
}
