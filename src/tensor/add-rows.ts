/**
 * `out[j] += sum_i weights[i] rows[i, j]` for `count` rows of `width` entries, from given positions on. Four rows at a
 * time: `out` is written a quarter as often.
 */
export function addRows(
  out: Float64Array,
  outStart: number,
  weights: Float64Array,
  weightStart: number,
  rows: Float64Array,
  rowStart: number,
  count: number,
  width: number,
): void {
  let i = 0,
    row = rowStart;
  for (; i + 3 < count; i += 4, row += 4 * width) {
    const w0 = weights[weightStart + i],
      w1 = weights[weightStart + i + 1],
      w2 = weights[weightStart + i + 2],
      w3 = weights[weightStart + i + 3];
    for (let j = 0; j < width; j++)
      out[outStart + j] +=
        w0 * rows[row + j] +
        w1 * rows[row + width + j] +
        (w2 * rows[row + 2 * width + j] + w3 * rows[row + 3 * width + j]);
  }
  for (; i < count; i++, row += width)
    for (let j = 0; j < width; j++) out[outStart + j] += weights[weightStart + i] * rows[row + j];
}
