import { random } from "../base";
import { firstColumns, orthonormalColumns, symmetricEigen } from "../linalg";
import { gram, matmul, transpose, zeros, type Matrix } from "../tensor";

/** The model after a pass, and how far the pass moved it, relative to its norm. */
export interface ImputationPass {
  readonly model: Float64Array;
  readonly change: number;
}

/**
 * The matrix of rank `rank` nearest to x over the observed entries, by EM, in passes without end: missing entries are
 * taken from the model, and the model is the principal components of the filled matrix. A pass takes one step of
 * subspace iteration from the components of the pass before, so it costs a few products with x.
 *
 * @param x - (rows × columns), 0 where `observed` is 0, with a largest magnitude near 1
 */
export function* imputedPca(x: Matrix, observed: Float64Array, rank: number): Generator<ImputationPass, never> {
  const filled: Matrix = { shape: x.shape, data: x.data.slice() },
    silent = !x.data.some((value) => value !== 0);
  let basis = randomBasis(x.shape[1], Math.min(...x.shape, rank + 5)),
    model = zeros(x.shape);
  for (;;) {
    const next = silent ? { basis, model } : nextComponents(filled, basis, rank),
      moved = relativeChange(model, next.model);
    ({ basis, model } = next);
    yield { model: model.data, change: moved };
    for (let index = 0; index < observed.length; index++)
      if (observed[index] === 0) filled.data[index] = model.data[index];
  }
}

/**
 * One step of subspace iteration, `B <- orth(x' x B)`, turned to the principal directions within it; the model keeps
 * the first `rank`.
 */
function nextComponents(x: Matrix, basis: Matrix, rank: number): { readonly basis: Matrix; readonly model: Matrix } {
  const turned = orthonormalColumns(matmul(transpose(x), matmul(x, basis))),
    scores = matmul(x, turned),
    { vectors } = symmetricEigen(gram(scores)),
    directions = matmul(turned, vectors),
    leading = firstColumns(directions, rank);
  return { basis: directions, model: matmul(matmul(scores, firstColumns(vectors, rank)), transpose(leading)) };
}

/** The change from one model to the next, relative to its norm. */
function relativeChange(before: Matrix, after: Matrix): number {
  let moved = 0,
    size = 0;
  for (let index = 0; index < after.data.length; index++) {
    const difference = after.data[index] - before.data[index];
    moved += difference * difference;
    size += after.data[index] * after.data[index];
  }
  return size > 0 ? Math.sqrt(moved / size) : 0;
}

/** Any basis: the first passes turn it to the leading components. */
function randomBasis(rows: number, columns: number): Matrix {
  const basis = zeros([rows, columns]),
    stream = random(0, "trial PCA");
  for (let index = 0; index < basis.data.length; index++) basis.data[index] = stream.normal();
  return orthonormalColumns(basis);
}
