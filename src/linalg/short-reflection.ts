/** The reflection `I - tau w w'`, w_0 = 1, that takes v to a multiple of its first unit vector; w is written over v. */
export function reflection(v: Float64Array, count: number): readonly [head: number, tau: number] {
  const size = Math.max(Math.abs(v[0]), Math.abs(v[1]), count > 2 ? Math.abs(v[2]) : 0);
  if (size === 0) return [0, 0];
  const x = v[0] / size,
    y = v[1] / size,
    z = count > 2 ? v[2] / size : 0,
    rest = y * y + z * z;
  if (rest === 0) return [v[0], 0];
  const length = x < 0 ? -Math.sqrt(x * x + rest) : Math.sqrt(x * x + rest),
    pivot = x + length;
  v[0] = 1;
  v[1] = y / pivot;
  v[2] = z / pivot;
  return [-length * size, pivot / length];
}

/** Rows k .. k + count - 1 of columns `from` .. `to`, reflected. */
export function reflectRows(
  m: Float64Array,
  n: number,
  k: number,
  count: number,
  from: number,
  to: number,
  v: Float64Array,
  tau: number,
): void {
  reflect(m, { first: k * n + from, last: k * n + to, along: 1, across: n, count }, v, tau);
}

/** Columns k .. k + count - 1 of rows `from` .. `to`, reflected. */
export function reflectColumns(
  m: Float64Array,
  n: number,
  k: number,
  count: number,
  from: number,
  to: number,
  v: Float64Array,
  tau: number,
): void {
  reflect(m, { first: from * n + k, last: to * n + k, along: n, across: 1, count }, v, tau);
}

/** Which entries are reflected: two or three at a time, `across` apart, from `first` to `last` in steps of `along`. */
interface Reflected {
  readonly first: number;
  readonly last: number;
  readonly along: number;
  readonly across: number;
  readonly count: number;
}

function reflect(
  m: Float64Array,
  { first, last, along, across, count }: Reflected,
  v: Float64Array,
  tau: number,
): void {
  const v1 = v[1],
    v2 = count > 2 ? v[2] : 0,
    third = count > 2 ? 2 * across : 0;
  for (let p = first; p <= last; p += along) {
    const sum = tau * (m[p] + v1 * m[p + across] + v2 * m[p + third]);
    m[p] -= sum;
    m[p + across] -= v1 * sum;
    if (third > 0) m[p + third] -= v2 * sum;
  }
}
