import { hadamard, type Matrix } from "../tensor";
import { checkCp, type Cp } from "./cp";

/** The Gram matrices of all factors but one, multiplied entry by entry: the normal equations of a mode. */
export function gramOfOthers(grams: readonly Matrix[], mode: number): Matrix {
  const rank = grams[0].shape[0];
  const ones: Matrix = { shape: [rank, rank], data: new Float64Array(rank * rank).fill(1) };
  return grams.reduce((product, g, n) => (n === mode ? product : hadamard(product, g)), ones);
}

/** The factors with the weights taken into the last of them. */
export function weightsInLast(where: string, cp: Cp): Matrix[] {
  checkCp(where, cp);
  const { weights, factors } = cp,
    rank = weights.shape[0];
  return factors.map((f, mode) =>
    mode === factors.length - 1
      ? { shape: f.shape, data: f.data.map((value, i) => value * weights.data[i % rank]) }
      : f,
  );
}
