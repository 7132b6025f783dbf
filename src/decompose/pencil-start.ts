import { random } from "../base";
import { eigenvectors, firstColumns, pseudoInverse } from "../linalg";
import { matmul, norm, transpose, unfold, type Matrix, type Tensor } from "../tensor";
import { contractMode } from "./mode-kernels";
import { randomStart } from "./random-start";

/**
 * A start from pencils of slices, exact without noise: two random mixtures of slices are `A D_1 B'` and `A D_2 B'`, so
 * the columns of A are eigenvectors of their quotient, and each row of `A^+ unfold(x)` is the product of the other
 * factors of one component. Two modes must have ranks that reach the rank of the model.
 *
 * @param bases - leading left singular vectors of every mode's unfolding, at least as many as the rank where there are
 * @returns undefined where no two modes have that rank, or the eigenvalues of the quotient do not converge
 * @see Sanchez & Kowalski (1990), Tensorial resolution: a direct trilinear decomposition, J. Chemometrics 4
 */
export function pencilStart(x: Tensor, rank: number, seed: number, bases: readonly Matrix[]): Matrix[] | undefined {
  const bySize = x.shape.map((_, mode) => mode).sort((p, q) => x.shape[q] - x.shape[p]),
    [a, b] = bySize;
  if (x.shape.length < 3 || x.shape[b] < rank) return undefined;
  const stream = random(seed, "cp start, pencil");
  const mixture = (): Matrix => {
    let y = x;
    for (const mode of bySize.slice(2))
      y = contractMode(
        y,
        { shape: [x.shape[mode], 1], data: Float64Array.from({ length: x.shape[mode] }, stream.normal) },
        mode,
      );
    const m: Matrix = { shape: [x.shape[Math.min(a, b)], x.shape[Math.max(a, b)]], data: y.data };
    return a < b ? m : transpose(m);
  };
  if (bases[a].shape[1] < rank || bases[b].shape[1] < rank) return undefined;
  const [ua, ub] = [a, b].map((mode) => firstColumns(bases[mode], rank));
  const [s1, s2] = [mixture(), mixture()].map((m) => matmul(matmul(transpose(ua), m), ub));
  const vectors = eigenvectors(matmul(s1, pseudoInverse(s2)));
  if (!vectors) return undefined;
  const ofA = matmul(ua, vectors),
    rows = matmul(pseudoInverse(ofA), unfold(x, a));
  const others = x.shape.filter((_, mode) => mode !== a),
    start = randomStart(x, rank, seed);
  start[a] = ofA;
  for (let r = 0; r < rank; r++) {
    const component: Tensor = { shape: others, data: rows.data.slice(r * rows.shape[1], (r + 1) * rows.shape[1]) };
    rankOne(component).forEach((vector, i) => {
      const mode = i < a ? i : i + 1;
      for (let j = 0; j < others[i]; j++) start[mode].data[j * rank + r] = vector.data[j];
    });
  }
  return start.every(({ data }) => data.every(Number.isFinite)) ? start : undefined;
}

/**
 * The rank-one component nearest to a tensor that nearly has rank one: the higher-order power method, from the fibers
 * through its largest entry.
 */
function rankOne(x: Tensor): Matrix[] {
  let largest = 0;
  x.data.forEach((value, index) => {
    if (Math.abs(value) > Math.abs(x.data[largest])) largest = index;
  });
  let stride = x.data.length;
  const vectors = x.shape.map((size): Matrix => {
    stride /= size;
    const first = largest - (Math.floor(largest / stride) % size) * stride;
    return unit({ shape: [size, 1], data: Float64Array.from({ length: size }, (_, i) => x.data[first + i * stride]) });
  });
  for (let round = 0; round < 5; round++)
    x.shape.forEach((size, mode) => {
      const { data } = vectors.reduce((rest, v, other) => (other === mode ? rest : contractMode(rest, v, other)), x);
      vectors[mode] = unit({ shape: [size, 1], data });
    });
  return vectors;
}

function unit(v: Matrix): Matrix {
  const length = norm(v) || 1;
  return { shape: v.shape, data: v.data.map((x) => x / length) };
}
