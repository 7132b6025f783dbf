/** phi, by name, so that a model stays plain data. */
export type Activation = "tanh" | "relu" | "softplus" | "identity";
export const activations: readonly Activation[] = ["tanh", "relu", "softplus", "identity"];

/** `out = phi(x)` for `count` entries from `at` on. */
export function activate(phi: Activation, out: Float64Array, x: Float64Array, at: number, count: number): void {
  const end = at + count;
  if (phi === "tanh") for (let i = at; i < end; i++) out[i] = tanh(x[i]);
  else if (phi === "relu") for (let i = at; i < end; i++) out[i] = x[i] > 0 ? x[i] : x[i] <= 0 ? 0 : NaN;
  else if (phi === "softplus") for (let i = at; i < end; i++) out[i] = x[i] > 0 ? x[i] + Math.log1p(Math.exp(-x[i])) : Math.log1p(Math.exp(x[i]));
  else for (let i = at; i < end; i++) out[i] = x[i];
}

/**
 * Pull a gradient back through phi: `d *= phi'(x)`, said in the rates `h = phi(x)` that the scan has stored:
 * `1 - h²` (tanh), `h > 0` (relu, 0 at the kink), `1 - exp(-h)` (softplus), `1` (identity).
 */
export function activateAdjoint(phi: Activation, d: Float64Array, h: Float64Array, at: number, count: number): void {
  if (phi === "tanh") for (let i = 0; i < count; i++) d[i] *= 1 - h[at + i] * h[at + i];
  else if (phi === "relu") for (let i = 0; i < count; i++) d[i] = h[at + i] > 0 ? d[i] : 0;
  else if (phi === "softplus") for (let i = 0; i < count; i++) d[i] *= -Math.expm1(-h[at + i]);
}

// exp(r) = 1 + 2P / (Q - P) on |r| <= ln 2 / 2, with P = r p(r²), Q = q(r²): the minimax ratio of Moshier's Cephes library
const p0 = 1.2617719307481059e-4, p1 = 3.0299440770744196e-2, p2 = 1;
const q0 = 3.001985051386645e-6, q1 = 2.5244834034968410e-3, q2 = 2.2726554820815503e-1, q3 = 2;
const log2e = 1.4426950408889634, ln2high = 6.93145751953125e-1, ln2low = 1.4286068203094172e-6;
const powersOfTwo = /* @__PURE__ */ Float64Array.from({ length: 60 }, (_, n) => 2 ** n);

/**
 * tanh, the same bits on every engine, within 1e-15 relative: with 2|x| = n ln 2 + r and s = 2ⁿ,
 * `tanh |x| = (2sP + (s - 1)(Q - P)) / (2sP + (s + 1)(Q - P))`.
 */
export function tanh(x: number): number {
  const y = 2 * Math.abs(x);
  if (!(y < 40)) return y >= 40 ? Math.sign(x) : NaN; // beyond 19.1 tanh is 1 in double precision
  const n = Math.floor(y * log2e + 0.5);
  const r = y - n * ln2high - n * ln2low;
  const r2 = r * r;
  const p = r * ((p0 * r2 + p1) * r2 + p2);
  const rest = ((q0 * r2 + q1) * r2 + q2) * r2 + q3 - p;
  const s = powersOfTwo[n];
  const value = (2 * s * p + (s - 1) * rest) / (2 * s * p + (s + 1) * rest);
  return x < 0 ? -value : value;
}
