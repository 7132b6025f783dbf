import { solveSymmetric } from "../linalg";
import { transpose, type Matrix } from "../tensor";

/** The factor that solves `factor normal = products`, ridge added to normal's diagonal. */
export function solveFactor(
  normal: Matrix,
  products: Matrix,
  ridge: number,
): { readonly factor: Matrix; readonly singular: boolean } {
  const { x, singular } = solveSymmetric(loadedWith(normal, ridge), transpose(products));
  return { factor: transpose(x), singular };
}

/** The same equations with the ridge on their diagonal. */
export function loadedWith(normal: Matrix, ridge: number): Matrix {
  const rank = normal.shape[0],
    loaded = { shape: normal.shape, data: normal.data.slice() };
  for (let r = 0; r < rank; r++) loaded.data[r * rank + r] += ridge;
  return loaded;
}
