import type { Random } from "../base";
import type { Matrix } from "../tensor";

/**
 * `Q m` for a random orthogonal Q, uniform (Haar) over all of them: a product of random reflections, so Q is never
 * formed.
 *
 * @param m - (n × columns)
 * @param stream - the numbers; it moves on by n (n + 1) / 2 normals
 * @remarks O(n² · columns).
 * @see Stewart (1980), The efficient generation of random orthogonal matrices, SIAM J. Numer. Anal. 17
 */
export function haarTimes(m: Matrix, stream: Random): Matrix {
  const [n, columns] = m.shape;
  const data = m.data.slice(),
    v = new Float64Array(n),
    along = new Float64Array(columns);
  for (let size = 1; size <= n; size++) {
    const first = n - size; // a reflection of the last `size` rows that sends e_1 to a uniform direction
    let squares = 0;
    for (let i = 0; i < size; i++) {
      v[i] = stream.normal();
      squares += v[i] * v[i];
    }
    const length = Math.sqrt(squares),
      sign = v[0] < 0 ? -1 : 1;
    if (length > 0) {
      v[0] += sign * length;
      const scale = 1 / (length * (length + sign * (v[0] - sign * length)));
      reflect(data, first * columns, v, size, columns, scale, along);
    }
    // -sign e_1 to v
    if (sign > 0) for (let j = 0, entry = first * columns; j < columns; j++, entry++) data[entry] = -data[entry];
  }
  return { shape: m.shape, data };
}

/**
 * `m -= scale v (v' m)` on `size` rows from entry `start` on; v' m is summed four rows at a time, so that it is stored
 * a quarter as often.
 */
function reflect(
  m: Float64Array,
  start: number,
  v: Float64Array,
  size: number,
  columns: number,
  scale: number,
  along: Float64Array,
): void {
  along.fill(0);
  let i = 0;
  for (let from = start; i + 3 < size; i += 4, from += 4 * columns) {
    const v0 = v[i],
      v1 = v[i + 1],
      v2 = v[i + 2],
      v3 = v[i + 3];
    for (let j = 0, k = from; j < columns; j++, k++)
      along[j] += v0 * m[k] + v1 * m[k + columns] + (v2 * m[k + 2 * columns] + v3 * m[k + 3 * columns]);
  }
  for (; i < size; i++) for (let j = 0, k = start + i * columns; j < columns; j++, k++) along[j] += v[i] * m[k];
  for (i = 0; i < size; i++) {
    const w = scale * v[i];
    for (let j = 0, k = start + i * columns; j < columns; j++, k++) m[k] -= w * along[j];
  }
}
