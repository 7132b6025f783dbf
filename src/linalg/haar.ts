import type { Random } from "../base";
import type { Matrix } from "../tensor";

/**
 * `Q m` for a random orthogonal Q, uniform (Haar) over all of them: a product of random reflections, so Q is never formed.
 *
 * @param m - (n × columns)
 * @param stream - the numbers; it moves on by n (n + 1) / 2 normals
 * @remarks O(n² · columns).
 * @see Stewart (1980), The efficient generation of random orthogonal matrices, SIAM J. Numer. Anal. 17
 */
export function haarTimes(m: Matrix, stream: Random): Matrix {
  const [n, columns] = m.shape;
  const data = m.data.slice(), v = new Float64Array(n), along = new Float64Array(columns);
  for (let size = 1; size <= n; size++) {
    const first = n - size; // a reflection of the last `size` rows that sends e_1 to a uniform direction
    let squares = 0;
    for (let i = 0; i < size; i++) squares += (v[i] = stream.normal()) ** 2;
    const length = Math.sqrt(squares), sign = v[0] < 0 ? -1 : 1;
    if (length > 0) {
      v[0] += sign * length;
      const scale = 1 / (length * (length + sign * (v[0] - sign * length)));
      along.fill(0);
      for (let i = 0; i < size; i++) for (let j = 0, at = (first + i) * columns; j < columns; j++, at++) along[j] += v[i] * data[at];
      for (let i = 0; i < size; i++) for (let j = 0, at = (first + i) * columns, w = scale * v[i]; j < columns; j++, at++) data[at] -= w * along[j];
    }
    if (sign > 0) for (let j = 0, at = first * columns; j < columns; j++, at++) data[at] = -data[at]; // -sign e_1 to v
  }
  return { shape: m.shape, data };
}
