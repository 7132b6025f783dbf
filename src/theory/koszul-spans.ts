import type { Random } from "../base";
import { orthonormalColumns, svd } from "../linalg";
import { matmul, subtract, transpose, zeros, type Matrix } from "../tensor";
import { binomial, wedgeEntries } from "./exterior";
import type { KoszulFlattening } from "./koszul-flattening";

/**
 * The span of components, with vectors a_r of the wedged mode and b_r of the paired mode, at one end of a flattening:
 * an orthonormal basis of `(a_r ∧ Λ^p) ⊗ b_r` at the range, of `(a_r ⌟ Λ^(p+1)) ⊗ b_r` at the domain, for each r, side
 * by side.
 *
 * @param a - (directions × rank), unit columns
 * @param b - (size × rank), unit columns
 */
export function spansOf({ directions, power, end }: KoszulFlattening, a: Matrix, b: Matrix): Matrix {
  const [size, rank] = b.shape,
    each = binomial(directions - 1, power),
    entries = wedgeEntries(directions, power);
  const wedge: Matrix = zeros([binomial(directions, power + 1), binomial(directions, power)]);
  const sets = end === "range" ? wedge.shape[0] : wedge.shape[1],
    out = zeros([sets * size, rank * each]);
  for (let r = 0; r < rank; r++) {
    wedge.data.fill(0);
    for (const { i, from, to, sign } of entries) wedge.data[to * wedge.shape[1] + from] += sign * a.data[i * rank + r];
    // with a unit vector, a ∧ has singular values 1, `each` of them, and 0
    const { u, v } = svd(wedge),
      basis = end === "range" ? u : v;
    for (let set = 0; set < sets; set++)
      for (let k = 0; k < size; k++)
        for (let column = 0; column < each; column++)
          out.data[(set * size + k) * rank * each + r * each + column] =
            basis.data[set * basis.shape[1] + column] * b.data[k * rank + r];
  }
  return out;
}

/** An orthonormal basis of the complement of orthonormal columns: random vectors, projected twice. */
export function complementOf(basis: Matrix, stream: Random): Matrix {
  const [rows, columns] = basis.shape;
  let rest: Matrix = {
    shape: [rows, rows - columns],
    data: Float64Array.from({ length: rows * (rows - columns) }, stream.normal),
  };
  for (let pass = 0; pass < 2; pass++)
    rest = orthonormalColumns(subtract(rest, matmul(basis, matmul(transpose(basis), rest))) as Matrix);
  return rest;
}

/**
 * The linear equations for a matrix X (directions × size) whose wedge products stay in a span: `(X ∧ ω)` for every ω at
 * the range, `(X ⌟ ω)` at the domain, is orthogonal to every column of `complement`. Matrices a_r b_r' satisfy them.
 *
 * @returns (complement columns · sets × directions · size)
 */
export function pairEquations({ directions, power, end }: KoszulFlattening, complement: Matrix): Matrix {
  const [inside, outside] =
    end === "range"
      ? [binomial(directions, power + 1), binomial(directions, power)]
      : [binomial(directions, power), binomial(directions, power + 1)];
  const count = complement.shape[1],
    size = complement.shape[0] / inside,
    out = zeros([count * outside, directions * size]);
  for (const { i, from, to, sign } of wedgeEntries(directions, power)) {
    const [there, here] = end === "range" ? [to, from] : [from, to];
    for (let k = 0; k < size; k++)
      for (let m = 0; m < count; m++)
        out.data[(m * outside + here) * directions * size + i * size + k] =
          sign * complement.data[(there * size + k) * count + m];
  }
  return out;
}
