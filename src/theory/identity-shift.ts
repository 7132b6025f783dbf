import { singularValues, symmetricEigen } from "../linalg";
import { norm, transpose, zeros, type Matrix } from "../tensor";

/** W less c I, for the c that leaves the lowest rank if W is c I plus few components: the eigenvalue that most of the symmetric part has. */
export function identityShift(w: Matrix): { readonly shift: number; readonly rest: Matrix } {
  const n = w.shape[0],
    wT = transpose(w);
  const { values } = symmetricEigen({ shape: w.shape, data: w.data.map((x, i) => (x + wT.data[i]) / 2) });
  const middle = values[Math.floor(n / 2)];
  const near = values.filter(
    (value) => Math.abs(value - middle) <= 1e-10 * Math.max(Math.abs(values[0]), Math.abs(values[n - 1])),
  ).length;
  const shift = near > n / 2 ? middle : 0; // not shared by most: W is not of that form
  return { shift, rest: { shape: w.shape, data: w.data.map((x, at) => (at % (n + 1) === 0 ? x - shift : x)) } };
}

/** The dimension of what the columns of several matrices span together, each scaled to norm 1. */
export function jointRank(parts: readonly Matrix[], tolerance: number): number {
  const [rows] = parts[0].shape,
    total = parts.reduce((sum, m) => sum + m.shape[1], 0),
    all = zeros([rows, total]);
  let first = 0;
  for (const m of parts) {
    const size = norm(m) || 1,
      [, columns] = m.shape;
    for (let i = 0; i < rows; i++)
      for (let j = 0; j < columns; j++) all.data[i * total + first + j] = m.data[i * columns + j] / size;
    first += columns;
  }
  const values = singularValues(all);
  return values.filter((value) => value > tolerance * values[0]).length;
}
