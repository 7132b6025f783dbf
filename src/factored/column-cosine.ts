import type { Matrix } from "../tensor";

/** Tucker's congruence: the cosine of the angle between column r of f and column s of g, whose squares are in range. */
export function columnCosine(f: Matrix, r: number, g: Matrix, s: number): number {
  const [size, p] = f.shape,
    q = g.shape[1];
  let inner = 0,
    ff = 0,
    gg = 0;
  for (let i = 0, left = r, right = s; i < size; i++, left += p, right += q) {
    inner += f.data[left] * g.data[right];
    ff += f.data[left] * f.data[left];
    gg += g.data[right] * g.data[right];
  }
  return inner === 0 ? 0 : Math.max(-1, Math.min(1, inner / Math.sqrt(ff) / Math.sqrt(gg)));
}
