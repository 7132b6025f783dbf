import { random } from "../base";
import { symmetricEigen } from "../linalg";
import { gram, identity, type Matrix } from "../tensor";
import type { RaggedData } from "./parafac2-problem";

/** Leading singular vectors of the units, with loadings of one and an identity in between. */
export function singularStart({ x, ends, missing, means }: RaggedData, rank: number): Matrix[] {
  const units = x.shape[1],
    filled = missing.length > 0 ? x.data.slice() : x.data;
  for (const at of missing) filled[at] = means[at % units];
  const { vectors } = symmetricEigen(gram({ shape: x.shape, data: filled })),
    leading = new Float64Array(units * rank);
  for (let j = 0; j < units; j++) for (let r = 0; r < rank; r++) leading[j * rank + r] = vectors.data[j * units + r];
  return [ones(ends.length, rank), identity(rank), { shape: [units, rank], data: leading }];
}

/** Normal factors, with loadings of the trials from 0.5 to 1.5. */
export function randomRaggedStart({ x, ends }: RaggedData, rank: number, seed: number): Matrix[] {
  const stream = random(seed, "parafac2 start"),
    draw = (rows: number, entry: () => number): Matrix => ({
      shape: [rows, rank],
      data: Float64Array.from({ length: rows * rank }, entry),
    });
  return [draw(ends.length, () => 0.5 + stream.uniform()), draw(rank, stream.normal), draw(x.shape[1], stream.normal)];
}

const ones = (rows: number, columns: number): Matrix => ({
  shape: [rows, columns],
  data: new Float64Array(rows * columns).fill(1),
});
