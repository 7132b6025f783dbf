import type { LowTensorRankRNN } from "../models";
import type { WeightDirection } from "../run";
import { gram, matmul, zeros, type Matrix, type Tensor3 } from "../tensor";
import { factorInformation, type Observations } from "./factor-information";

/**
 * Products J'J of every trial, in its trial factors and in how components mix within the spaces of their column and row
 * factors, which all trials share: `a_r <- a_r + e (a_q - (a_q' a_r) a_r)` for all q ≠ r, and likewise b. What an error
 * in the components does to trial factors is in it; what leaves the spaces is not.
 *
 * @returns (trials × (rank + mixings) × (rank + mixings))
 */
export function mixingInformation(observations: Observations, c: Matrix): Tensor3 {
  const { model } = observations,
    { rank } = model,
    directions = Array.from({ length: rank * rank }, (_, i): WeightDirection => [Math.floor(i / rank), i % rank]),
    { products } = factorInformation(observations, c, directions),
    [trials] = c.shape,
    mixings = mixingsOf(model),
    count = rank + mixings.length,
    all = zeros([trials, count, count]);
  for (let k = 0; k < trials; k++) {
    // the weights' directions that each of the parameters moves along
    const map = zeros([rank * rank, count]);
    for (let r = 0; r < rank; r++) map.data[(r * rank + r) * count + r] = 1;
    mixings.forEach(({ r, along, overlap }, i) => {
      const size = c.data[k * rank + r];
      map.data[along * count + rank + i] += size;
      map.data[(r * rank + r) * count + rank + i] -= size * overlap;
    });
    const block: Matrix = {
      shape: [rank * rank, rank * rank],
      data: products.data.slice(k * rank * rank * rank * rank, (k + 1) * rank * rank * rank * rank),
    };
    all.data.set(symmetricProduct(map, block), k * count * count);
  }
  return all;
}

/** One way that components mix. */
interface Mixing {
  /** the component that changes */
  readonly r: number;
  /** the direction of the weights, from 0 to rank² */
  readonly along: number;
  /** of the vector with the one that it is mixed with: a unit vector stays one */
  readonly overlap: number;
}

function mixingsOf({ rank, params: { a, b } }: LowTensorRankRNN): Mixing[] {
  const ofA = gram(a),
    ofB = gram(b);
  return Array.from({ length: rank * rank }, (_, i) => [Math.floor(i / rank), i % rank] as const).flatMap(([q, r]) =>
    q === r
      ? []
      : [
          { r, along: q * rank + r, overlap: ofA.data[q * rank + r] },
          { r, along: r * rank + q, overlap: ofB.data[q * rank + r] },
        ],
  );
}

/** `map' block map`. */
function symmetricProduct(map: Matrix, block: Matrix): Float64Array {
  const [size, count] = map.shape,
    right = matmul(block, map),
    out = new Float64Array(count * count);
  for (let i = 0; i < size; i++)
    for (let r = 0; r < count; r++) {
      const weight = map.data[i * count + r];
      if (weight === 0) continue;
      for (let s = 0; s < count; s++) out[r * count + s] += weight * right.data[i * count + s];
    }
  return out;
}
