import { random } from "../base";
import { eigenvectors, firstColumns, pseudoInverse } from "../linalg";
import { matmul, mttkrp, norm, transpose, unfold, type Matrix, type Tensor } from "../tensor";
import { compress, oversampling } from "./compression";
import type { Level } from "./level";
import { contractMode } from "./mode-kernels";
import { exponentOf, rescaled } from "./units";

/** Where an alternation starts: normal random factors; leading singular vectors of the modes; or eigenvectors of pencils of slices. */
export type StartKind = "random" | "hosvd" | "pencil";

/**
 * Normal random factors. Where the level of x is given, their model is of its size, by a power of two in the first mode, so that a run does not depend on the unit
 * of x; where that level is a large offset, the first component is the offset, and the others are of the size of what varies about it.
 */
export function randomStart(x: Tensor, rank: number, seed: number, level?: Level): Matrix[] {
  const factors = x.shape.map((rows, mode): Matrix => {
    const stream = random(seed, `cp start, mode ${mode}`);
    return { shape: [rows, rank], data: Float64Array.from({ length: rows * rank }, stream.normal) };
  });
  if (!level || level.size === 0) return factors;
  const { size, variation, offset } = level,
    drawn = Math.sqrt(rank * x.data.length); // the expected norm
  const exponent = exponentOf(offset ? size * variation : size) - exponentOf(drawn);
  factors[0] = rescaled(factors[0], exponent);
  if (offset)
    factors.forEach((f, mode) => {
      for (let i = 0; i < f.shape[0]; i++) f.data[i * rank] = offset[mode].data[i];
    });
  return factors;
}

/** The leading left singular vectors of every mode's unfolding, by sketches; columns past a mode's size, or past its rank, are random. */
export function hosvdStart(x: Tensor, rank: number, seed: number): Matrix[] {
  const { factors } = compress(x, rank + oversampling, random(seed, "cp start, sketches"));
  return randomStart(x, rank, seed).map((drawn, mode) => beside(factors[mode], drawn));
}

/** As many columns of `first` as there is room for, and then those of `rest`. */
function beside(first: Matrix, rest: Matrix): Matrix {
  const [rows, rank] = rest.shape,
    have = Math.min(rank, first.shape[1]),
    out = rest.data.slice();
  for (let i = 0; i < rows; i++) out.set(first.data.subarray(i * first.shape[1], i * first.shape[1] + have), i * rank);
  return { shape: rest.shape, data: out };
}

/**
 * Without noise exact: two random mixtures of slices are `A D_1 B'` and `A D_2 B'`, so A are eigenvectors of their quotient; and the rows of `A^+ unfold(x)` are
 * the components' other factors, multiplied out. It wants two modes whose ranks reach that of the model.
 *
 * @returns undefined where no two modes do
 * @see Sanchez & Kowalski (1990), Tensorial resolution: a direct trilinear decomposition, J. Chemometrics 4
 */
export function pencilStart(x: Tensor, rank: number, seed: number): Matrix[] | undefined {
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
  const { factors: bases } = compress(x, rank + oversampling, random(seed, "cp start, sketches"));
  if (bases[a].shape[1] < rank || bases[b].shape[1] < rank) return undefined;
  const [ua, ub] = [a, b].map((mode) => firstColumns(bases[mode], rank));
  const [s1, s2] = [mixture(), mixture()].map((m) => matmul(matmul(transpose(ua), m), ub));
  const ofA = matmul(ua, eigenvectors(matmul(s1, pseudoInverse(s2)))),
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

/** One component near to a tensor that is nearly one: the higher-order power method, from the fibres through its largest entry. */
function rankOne(x: Tensor): Matrix[] {
  let largest = 0;
  x.data.forEach((value, at) => {
    if (Math.abs(value) > Math.abs(x.data[largest])) largest = at;
  });
  let stride = x.data.length;
  const vectors = x.shape.map((size): Matrix => {
    stride /= size;
    const first = largest - (Math.floor(largest / stride) % size) * stride;
    return unit({ shape: [size, 1], data: Float64Array.from({ length: size }, (_, i) => x.data[first + i * stride]) });
  });
  for (let round = 0; round < 5; round++)
    for (let mode = 0; mode < vectors.length; mode++) vectors[mode] = unit(mttkrp(x, vectors, mode));
  return vectors;
}

function unit(v: Matrix): Matrix {
  const length = norm(v) || 1;
  return { shape: v.shape, data: v.data.map((x) => x / length) };
}
