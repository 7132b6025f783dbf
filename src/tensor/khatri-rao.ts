import { fail, show } from "../base";
import { checkTensor } from "./check";
import type { Matrix } from "./shape";
import { zerosFor } from "./tensor";

/**
 * The Khatri-Rao product of factors in order: row (i, j, ...) holds the products of row i of the first, row j of the
 * second, and so on, the last index fastest. Weights of columns are one more factor, of one row.
 *
 * @param factors - matrices (size of mode × rank), at least one
 * @returns (product of sizes × rank)
 * @throws {@link LtrnnError} when ranks differ
 * @remarks O(product of sizes · rank).
 * @see Kolda & Bader (2009), SIAM Review 51, section 2.6
 * @example khatriRao([tensor([2, 1], [1, 2]), tensor([2, 1], [3, 4])]).data // Float64Array [3, 4, 6, 8]
 */
export function khatriRao(factors: readonly Matrix[]): Matrix {
  checkFactors("khatriRao", factors);
  return khatriRaoFor("khatriRao", factors);
}

/** {@link khatriRao} of factors known to fit, on behalf of `where`. */
export function khatriRaoFor(where: string, factors: readonly Matrix[]): Matrix {
  let product = factors[0];
  for (const next of factors.slice(1)) {
    const [rows, rank] = product.shape,
      [size] = next.shape;
    const out = zerosFor(where, [rows * size, rank]),
      p = product.data,
      q = next.data,
      o = out.data;
    for (let i = 0, to = 0; i < rows; i++) {
      const row = i * rank;
      for (let j = 0, entry = 0; j < size; j++)
        for (let r = row, end = row + rank; r < end; r++, entry++, to++) o[to] = p[r] * q[entry];
    }
    product = out;
  }
  return product;
}

/** Refuse factors that are not matrices of one rank. */
export function checkFactors(where: string, factors: readonly Matrix[]): void {
  if (!Array.isArray(factors) || factors.length === 0)
    fail(where, {
      expected: "an array of at least one factor",
      got: show(factors),
      fix: "Pass one matrix (size × rank) per mode.",
    });
  Array.from(factors).forEach((f: Matrix, mode) => {
    checkTensor(where, `factor ${mode}`, f, 2);
    if (f.shape[1] !== factors[0].shape[1])
      fail(where, {
        expected: `${factors[0].shape[1]} columns in every factor, as in mode 0`,
        got: `${f.shape[1]} in mode ${mode}`,
        fix: "Build all factors with the same rank.",
      });
  });
}
