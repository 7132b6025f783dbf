import { random, type Random } from "../../src/base";
import { sizeOf, type Shape, type Tensor } from "../../src/tensor";

/** A stream that also draws tensors. */
export interface Draw extends Omit<Random, "normal"> {
  readonly seed: number;
  normal<const S extends Shape>(shape: S, scale?: number): Tensor<S>;
}

export function draw(seed: number): Draw {
  const stream = random(seed, "test");
  const normal = <const S extends Shape>(shape: S, scale = 1): Tensor<S> => ({
    shape,
    data: Float64Array.from({ length: sizeOf(shape) }, () => scale * stream.normal()),
  });
  return { ...stream, seed, normal };
}

/** Run a law for a few dozen seeds, and name the one that failed. */
export function sweep(law: (draw: Draw) => void, seeds = 30): void {
  for (let seed = 1; seed <= seeds; seed++) {
    try {
      law(draw(seed));
    } catch (error) {
      if (error instanceof Error) error.message = `seed ${seed}: ${error.message}`;
      throw error;
    }
  }
}
