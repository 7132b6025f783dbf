import type { Matrix } from "../tensor";
import type { CpConstraint } from "./constraint";
import { demandedUpdate, solveFactor, withRidge, type Demands, type FactorSolution } from "./update-factor";

/**
 * Finds the factor of a mode where every row has normal equations of its own, `f_i normals_i = products_i`; each of
 * them is at most `whole`, those of a tensor without a hole, in the order of symmetric matrices.
 */
export type UpdateRows = (
  mode: number,
  normals: readonly Matrix[],
  whole: Matrix,
  products: Matrix,
  before: Matrix,
) => FactorSolution;

/** Updates by constraint or by least squares, as in `updateFactor`. */
export function updateRows(demands: Demands): UpdateRows {
  const { ridge } = demands,
    update = demandedUpdate(demands);
  return (mode, normals, whole, products, before) =>
    update(mode, whole, before, (constraint) => {
      if (!constraint) return solveRows(normals, products, ridge);
      const loaded = normals.map((normal) => withRidge(normal, ridge)),
        bound = withRidge(whole, ridge),
        factor =
          constraint.updateByRow?.(loaded, products, before, bound) ??
          majorized(constraint, loaded, bound, products, before);
      return { factor, singular: false };
    });
}

/** The factor whose row i solves the normal equations of row i. */
export function solveRows(normals: readonly Matrix[], products: Matrix, ridge: number): FactorSolution {
  const [count, rank] = products.shape,
    factor: Matrix = { shape: [count, rank], data: new Float64Array(count * rank) };
  let singular = false;
  for (let i = 0; i < count; i++) {
    const row = products.data.subarray(i * rank, (i + 1) * rank),
      solution = solveFactor(normals[i], { shape: [1, rank], data: row }, ridge);
    singular ||= solution.singular;
    factor.data.set(solution.factor.data, i * rank);
  }
  return { factor, singular };
}

/** Row i of a factor times the matrix of row i. */
export function rowsTimes({ shape: [count, rank], data }: Matrix, normals: readonly Matrix[]): Float64Array {
  const out = new Float64Array(count * rank);
  for (let i = 0, row = 0; i < count; i++, row += rank) {
    const normal = normals[i].data;
    for (let r = 0; r < rank; r++) {
      let sum = 0;
      for (let s = 0; s < rank; s++) sum += data[row + s] * normal[s * rank + r];
      out[row + r] = sum;
    }
  }
  return out;
}

/** The most steps of a majorization, and the change of entries, relative to the largest, that ends it. */
const steps = 50,
  settled = 1e-10;

/**
 * A constraint whose update needs normal equations that all rows share. With those of `whole`, the error at F is
 * bounded by the error at the factor before, plus a linear and a quadratic term; the update lowers this bound, and so
 * the error. Imputation with all other factors fixed does the same.
 *
 * @see Hunter & Lange (2004), A tutorial on MM algorithms, The American Statistician 58
 */
function majorized(
  constraint: CpConstraint,
  normals: readonly Matrix[],
  whole: Matrix,
  products: Matrix,
  before: Matrix,
): Matrix {
  const [count, rank] = before.shape,
    shared = Array.from({ length: count }, () => whole);
  let now = before;
  for (let step = 0; step < steps; step++) {
    const filledIn = rowsTimes(now, shared),
      seen = rowsTimes(now, normals),
      completed = products.data.map((value, i) => value + filledIn[i] - seen[i]),
      next = constraint.update(whole, { shape: [count, rank], data: completed }, now);
    let moved = 0,
      size = 0;
    for (let i = 0; i < count * rank; i++) {
      moved = Math.max(moved, Math.abs(next.data[i] - now.data[i]));
      size = Math.max(size, Math.abs(next.data[i]));
    }
    now = next;
    if (!(moved > settled * size)) break;
  }
  return now;
}
