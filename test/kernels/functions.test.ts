import { expect, test } from "vitest";
import { exp, log, log1pOver, oneMinusExp, softplus, tanh } from "../../src/kernels/functions";
import { simdKernels } from "../../src/kernels/simd";
import { plainKernels } from "../../src/kernels/plain";
import type { Kernels, Precision } from "../../src/kernels";

/** phi of many numbers, by a set of kernels. */
function phiOf(kernels: Kernels, phi: number, xs: readonly number[]): number[] {
  return kernels.workspace.within(() => {
    const rows = Math.ceil(xs.length / kernels.lanes),
      x = kernels.workspace.take(rows * 64),
      h = kernels.workspace.take(rows * 64);
    const m = () => (kernels.bytes === 4 ? kernels.workspace.f32 : kernels.workspace.f64);
    m().set(xs, x / kernels.bytes);
    kernels.activate(h, x, rows, phi);
    return [...m().subarray(h / kernels.bytes, h / kernels.bytes + xs.length)];
  });
}
const relative = (got: number, want: number) => (got === want ? 0 : Math.abs(got - want) / Math.abs(want));
const grid: number[] = [];
for (let x = -25; x <= 25; x += 0.00137) grid.push(Math.fround(x));
for (let e = -300; e <= 2; e += 0.7) grid.push(10 ** e, -(10 ** e));
const inSingle = grid.filter((x) => Math.abs(x) > 1e-36).map(Math.fround);

test("tanh, exp, softplus, log and 1 - exp are what they say, over the whole range", () => {
  for (const x of grid) {
    expect(relative(tanh(x), Math.tanh(x))).toBeLessThanOrEqual(1e-15);
    expect(tanh(-x)).toBe(-tanh(x));
    expect(
      relative(softplus(x), x > 0 ? x + Math.log1p(Math.exp(-x)) : Math.log1p(Math.exp(x))),
      `softplus(${x})`,
    ).toBeLessThanOrEqual(1e-15);
    expect(relative(oneMinusExp(Math.abs(x)), -Math.expm1(-Math.abs(x)))).toBeLessThanOrEqual(1e-15);
  }
  for (let x = -708; x <= 709; x += 0.0917)
    expect(relative(exp(x), Math.exp(x)), `exp(${x})`).toBeLessThanOrEqual(4e-16);
  expect([exp(-746), exp(710), exp(0), exp(NaN)]).toEqual([0, Infinity, 1, NaN]);
  expect(relative(exp(-740), Math.exp(-740))).toBeLessThan(0.5); // one step of a subnormal number
  for (let e = -300; e <= 300; e += 0.37)
    expect(Math.abs(log(10 ** e) - Math.log(10 ** e))).toBeLessThanOrEqual(
      4e-16 * Math.max(1, Math.abs(Math.log(10 ** e))),
    );
  for (let w = 0.001; w <= 1; w += 0.003) expect(relative(log1pOver(w), Math.log1p(w) / w)).toBeLessThanOrEqual(6e-16);
  expect([
    tanh(0),
    tanh(-0),
    tanh(30),
    tanh(-Infinity),
    tanh(NaN),
    softplus(Infinity),
    softplus(-Infinity),
    softplus(NaN),
  ]).toEqual([0, -0, 1, -1, NaN, Infinity, 0, NaN]);
});

test.each([
  ["float64", 2e-15, 2e-15],
  ["float32", 4e-7, 5e-7],
] as const)(
  "SIMD tanh and softplus in %s stay within their bounds, and keep zeros, ends and NaN",
  (precision: Precision, ofTanh, ofSoftplus) => {
    const kernels = simdKernels(precision)!,
      xs = precision === "float32" ? inSingle : grid;
    phiOf(kernels, 0, xs).forEach((h, i) =>
      expect(relative(h, Math.tanh(xs[i])), `tanh(${xs[i]})`).toBeLessThanOrEqual(ofTanh),
    );
    phiOf(kernels, 2, xs).forEach((h, i) =>
      expect(relative(h, softplus(xs[i])), `softplus(${xs[i]})`).toBeLessThanOrEqual(ofSoftplus),
    );
    const ends = [0, -0, Infinity, -Infinity, NaN];
    for (const [phi, want] of [
      [0, [0, -0, 1, -1, NaN]],
      [2, [Math.fround(Math.LN2), Math.fround(Math.LN2), Infinity, 0, NaN]],
      [3, ends],
    ] as const)
      expect(
        phiOf(kernels, phi, ends).map((x) => (Number.isFinite(x) && !Object.is(x, -0) ? Math.fround(x) : x)),
      ).toEqual(want);
    expect(phiOf(kernels, 1, ends).map(Math.abs)).toEqual([0, 0, Infinity, 0, NaN]);
    expect(phiOf(plainKernels(precision), 1, ends).map(Math.abs)).toEqual([0, 0, Infinity, 0, NaN]);
  },
);

test("SIMD and plain activations are the same bits in float64, also where rounding ties", () => {
  const ties: number[] = [-18.195113489698564];
  for (let n = 0; n <= 40; n++)
    for (let step = -3; step <= 3; step++)
      ties.push((((n + 0.5) * Math.LN2) / 2) * (1 + step * 2 ** -52), (n + 0.5) * Math.LN2);
  for (const phi of [0, 1, 2, 3])
    for (const xs of [ties, ties.map((x) => -x), grid])
      expect(phiOf(simdKernels("float64")!, phi, xs)).toEqual(phiOf(plainKernels("float64"), phi, xs));
});
