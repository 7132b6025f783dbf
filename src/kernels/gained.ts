/** Rows of so many columns, times the gain of all and that of each. */
export function gained(
  rows: Float64Array,
  columns: number,
  gain: number,
  gains: Float64Array | undefined,
): Float64Array {
  if (gains) return rows.map((c, index) => gain * gains[Math.floor(index / columns)] * c);
  return gain === 1 ? rows : rows.map((c) => gain * c);
}
