import { khatriRao, transpose, type Matrix } from "../tensor";

/** The Khatri-Rao product of some factors. */
export const joined = (factors: readonly Matrix[]): Matrix => (factors.length === 1 ? factors[0] : khatriRao(factors));

/** The columns of {@link joined} one after the other. */
export const columnsOf = (factors: readonly Matrix[]): Float64Array => transpose(joined(factors)).data;

/**
 * Contract the product of a pass, (rank × sizes of some modes), with the factors of these modes but one: `out[i, r] =
 * sum y[r, .., i, ..] prod f[.., r]`.
 */
export function remaining(y: Float64Array, factors: readonly Matrix[], mode: number): Matrix {
  const [size, rank] = factors[mode].shape,
    ones: Matrix = { shape: [1, rank], data: new Float64Array(rank).fill(1) },
    [before, after] = [factors.slice(0, mode), factors.slice(mode + 1)].map((f) =>
      columnsOf(f.length > 0 ? f : [ones]),
    ),
    lefts = before.length / rank,
    rights = after.length / rank,
    outT = new Float64Array(rank * size);
  for (let r = 0, from = 0; r < rank; r++) {
    const out = outT.subarray(r * size, (r + 1) * size),
      weights = before.subarray(r * lefts, (r + 1) * lefts),
      column = after.subarray(r * rights, (r + 1) * rights);
    if (rights === 1)
      addRows(
        out,
        y.subarray(from),
        weights.map((weight) => weight * column[0]),
      );
    else
      for (const [l, weight] of weights.entries())
        addProducts(out, y.subarray(from + l * size * rights), column, weight);
    from += lefts * size * rights;
  }
  return transpose({ shape: [rank, size], data: outT });
}

/** `out[i] += sum_l weights[l] y[l, i]`, four rows at a time, so that sums are stored a quarter as often. */
function addRows(out: Float64Array, y: Float64Array, weights: Float64Array): void {
  const size = out.length,
    whole = weights.length & ~3;
  for (let l = 0, p = 0; l < whole; l += 4, p += 3 * size) {
    const a = weights[l],
      b = weights[l + 1],
      c = weights[l + 2],
      d = weights[l + 3];
    for (let i = 0; i < size; i++, p++)
      out[i] += a * y[p] + b * y[p + size] + (c * y[p + 2 * size] + d * y[p + 3 * size]);
  }
  for (let l = whole, p = whole * size; l < weights.length; l++)
    for (let i = 0; i < size; i++, p++) out[i] += weights[l] * y[p];
}

/** `out[i] += weight sum_q y[i, q] column[q]`, four rows at a time; those past the last are the first of four again. */
function addProducts(out: Float64Array, y: Float64Array, column: Float64Array, weight: number): void {
  const size = out.length,
    rights = column.length;
  for (let i = 0; i < size; i += 4) {
    const p = i * rights,
      p1 = i + 1 < size ? p + rights : p,
      p2 = i + 2 < size ? p1 + rights : p,
      p3 = i + 3 < size ? p2 + rights : p;
    let a = 0,
      b = 0,
      c = 0,
      d = 0;
    for (let q = 0; q < rights; q++) {
      const v = column[q];
      a += y[p + q] * v;
      b += y[p1 + q] * v;
      c += y[p2 + q] * v;
      d += y[p3 + q] * v;
    }
    out[i] += weight * a;
    if (p1 > p) out[i + 1] += weight * b;
    if (p2 > p) out[i + 2] += weight * c;
    if (p3 > p) out[i + 3] += weight * d;
  }
}
