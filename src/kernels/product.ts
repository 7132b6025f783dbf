import { lanes } from "./panel";

/**
 * `out += w h` for every lane: `w` (rows × columns) row-major, `h` `[columns][lane]`, `out` `[rows][lane]`.
 *
 * Two rows by four lanes stay in registers while the columns run: six loads for sixteen operations.
 * `hAt` and `outAt` are where the step's slice begins.
 */
export function addProduct(out: Float64Array, outAt: number, w: Float64Array, h: Float64Array, hAt: number, rows: number, columns: number): void {
  let i = 0;
  for (; i + 1 < rows; i += 2) {
    const row0 = i * columns, row1 = row0 + columns;
    for (let l = 0; l < lanes; l += 4) {
      let a0 = 0, a1 = 0, a2 = 0, a3 = 0, b0 = 0, b1 = 0, b2 = 0, b3 = 0;
      for (let j = 0, at = hAt + l; j < columns; j++, at += lanes) {
        const w0 = w[row0 + j], w1 = w[row1 + j];
        const h0 = h[at], h1 = h[at + 1], h2 = h[at + 2], h3 = h[at + 3];
        a0 += w0 * h0; a1 += w0 * h1; a2 += w0 * h2; a3 += w0 * h3;
        b0 += w1 * h0; b1 += w1 * h1; b2 += w1 * h2; b3 += w1 * h3;
      }
      const to0 = outAt + i * lanes + l, to1 = to0 + lanes;
      out[to0] += a0; out[to0 + 1] += a1; out[to0 + 2] += a2; out[to0 + 3] += a3;
      out[to1] += b0; out[to1 + 1] += b1; out[to1 + 2] += b2; out[to1 + 3] += b3;
    }
  }
  if (i === rows) return;
  for (let l = 0; l < lanes; l++) {
    let sum = 0;
    for (let j = 0, at = hAt + l; j < columns; j++, at += lanes) sum += w[i * columns + j] * h[at];
    out[outAt + i * lanes + l] += sum;
  }
}

/** `dw += g h'`, summed over the lanes: the adjoint of {@link addProduct} in `w`. `g` `[rows][lane]`, `h` `[columns][lane]`. */
export function addOuter(dw: Float64Array, g: Float64Array, gAt: number, h: Float64Array, hAt: number, rows: number, columns: number): void {
  for (let i = 0, to = 0, from = gAt; i < rows; i++, from += lanes) {
    const g0 = g[from], g1 = g[from + 1], g2 = g[from + 2], g3 = g[from + 3], g4 = g[from + 4], g5 = g[from + 5], g6 = g[from + 6], g7 = g[from + 7];
    for (let j = 0, at = hAt; j < columns; j++, to++, at += lanes)
      dw[to] += g0 * h[at] + g1 * h[at + 1] + g2 * h[at + 2] + g3 * h[at + 3] + (g4 * h[at + 4] + g5 * h[at + 5] + g6 * h[at + 6] + g7 * h[at + 7]);
  }
}

/** `w'`: (rows × columns) into (columns × rows). */
export function transposed(w: Float64Array, rows: number, columns: number): Float64Array {
  const out = new Float64Array(w.length);
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) out[j * rows + i] = w[i * columns + j];
  return out;
}
