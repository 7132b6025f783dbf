/** c, s and r of the plane rotation that takes (f, g) to (r, 0). */
export interface Rotation {
  readonly c: number;
  readonly s: number;
  readonly r: number;
}

export function rotationOf(f: number, g: number): Rotation {
  if (g === 0) return { c: 1, s: 0, r: f };
  if (f === 0) return { c: 0, s: 1, r: g };
  const size = Math.max(Math.abs(f), Math.abs(g)),
    p = f / size,
    q = g / size,
    length = Math.sqrt(p * p + q * q);
  return { c: p / length, s: q / length, r: size * length };
}

/** Rows i and j of a matrix with `width` columns: `(c row_i + s row_j, c row_j - s row_i)`. */
export function rotateRows(m: Float64Array, i: number, j: number, width: number, c: number, s: number): void {
  for (let a = i * width, b = j * width, end = a + width; a < end; a++, b++) {
    const x = m[a],
      y = m[b];
    m[a] = c * x + s * y;
    m[b] = c * y - s * x;
  }
}
