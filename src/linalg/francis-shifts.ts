/** Two shifts, real or a complex pair, by their real and imaginary parts. */
export type Shifts = readonly [real1: number, imaginary1: number, real2: number, imaginary2: number];

/** The eigenvalues of the last two rows; of two real ones the nearer to the corner, twice. Odd ones now and then. */
export function shiftsOf(t: Float64Array, n: number, start: number, end: number, since: number): Shifts {
  if (since % 10 === 0) {
    const [corner, one, two] =
      since % 20 === 0
        ? [end, t[end * n + end - 1], t[(end - 1) * n + end - 2]]
        : [start, t[(start + 1) * n + start], t[(start + 2) * n + start + 1]];
    const size = Math.abs(one) + Math.abs(two),
      middle = t[corner * n + corner] + 0.75 * size;
    return [middle, 0.66 * size, middle, -0.66 * size];
  }
  const entry = end * n + end,
    a = t[entry - n - 1],
    b = t[entry - n],
    c = t[entry - 1],
    d = t[entry],
    scale = Math.abs(a) + Math.abs(b) + Math.abs(c) + Math.abs(d);
  if (scale === 0) return [0, 0, 0, 0];
  const half = (a / scale - d / scale) / 2,
    middle = a / scale / 2 + d / scale / 2,
    square = half * half + (b / scale) * (c / scale),
    root = Math.sqrt(Math.abs(square));
  if (square < 0) return [middle * scale, root * scale, middle * scale, -root * scale];
  const corner = d / scale,
    nearer =
      Math.abs(middle + root - corner) < Math.abs(middle - root - corner)
        ? (middle + root) * scale
        : (middle - root) * scale;
  return [nearer, 0, nearer, 0];
}

/** The first column of (T - shift 1) (T - shift 2) below row k, up to a factor. */
export function firstColumn(t: Float64Array, n: number, k: number, [r1, i1, r2, i2]: Shifts, v: Float64Array): void {
  const entry = k * n + k,
    here = t[entry],
    below = t[entry + n];
  const size = Math.abs(here - r2) + Math.abs(i2) + Math.abs(below);
  if (size === 0) {
    v.fill(0);
    return;
  }
  const part = below / size;
  v[0] = part * t[entry + 1] + (here - r1) * ((here - r2) / size) - i1 * (i2 / size);
  v[1] = part * (here + t[entry + n + 1] - r1 - r2);
  v[2] = part * t[entry + 2 * n + 1];
  const sum = Math.abs(v[0]) + Math.abs(v[1]) + Math.abs(v[2]);
  if (sum > 0) for (let i = 0; i < 3; i++) v[i] /= sum;
}
