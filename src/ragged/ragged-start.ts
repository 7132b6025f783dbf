import { random } from "../base";
import { gramOf } from "../decompose";
import { symmetricSpectrum } from "../linalg";
import { identity, type Matrix } from "../tensor";
import type { RaggedData } from "./parafac2-problem";

/** Leading singular vectors of the units, with loadings of one and an identity in between. */
export function singularStart({ x, ends, missing, means }: RaggedData, rank: number): Matrix[] {
  const units = x.shape[1],
    filled = missing.length > 0 ? x.data.slice() : x.data;
  for (const at of missing) filled[at] = means[at % units];
  const products = gramOf({ shape: x.shape, data: filled }, 1);
  return [ones(ends.length, rank), identity(rank), symmetricSpectrum("parafac2", products).leading(rank)];
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
