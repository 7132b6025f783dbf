import { expect, test } from "vitest";
import { activate, activateAdjoint, activations, addOuter, addProduct, lanes, packPanel, tanh, transposed, unpackPanel } from "../../src/kernels";
import { zeros } from "../../src/tensor";
import { sweep } from "../support/sweep";

test("tanh agrees with the engine's to 1e-15 relative, as it says, is odd, and keeps NaN, zeros and ends", () => {
  for (let x = -25; x <= 25; x += 0.00137) {
    const want = Math.tanh(x);
    expect(Math.abs(tanh(x) - want)).toBeLessThanOrEqual(1e-15 * Math.abs(want));
    expect(tanh(-x)).toBe(-tanh(x));
  }
  for (const small of [1e-300, 1e-18, 1e-9, 1e-5]) expect(Math.abs(tanh(small) / Math.tanh(small) - 1)).toBeLessThan(1e-15);
  expect([tanh(0), tanh(30), tanh(-Infinity), tanh(NaN)]).toEqual([0, 1, -1, NaN]);
});

test("products and outer products over lanes equal their definitions, at odd sizes and offsets", () => sweep((draw) => {
  const rows = draw.int(1, 7), columns = draw.int(1, 7), hAt = draw.int(0, 3) * lanes, outAt = draw.int(0, 3) * lanes;
  const w = draw.normal([rows, columns]).data, h = draw.normal([columns + 3, lanes]).data, g = draw.normal([rows + 3, lanes]).data;
  const out = new Float64Array((rows + 3) * lanes), dw = new Float64Array(rows * columns), dh = new Float64Array((columns + 3) * lanes);
  addProduct(out, outAt, w, h, hAt, rows, columns);
  addOuter(dw, g, outAt, h, hAt, rows, columns);
  addProduct(dh, 0, transposed(w, rows, columns), g, outAt, columns, rows);
  for (let i = 0; i < rows; i++)
    for (let l = 0; l < lanes; l++) {
      let sum = 0;
      for (let j = 0; j < columns; j++) sum += w[i * columns + j] * h[hAt + j * lanes + l];
      expect(out[outAt + i * lanes + l]).toBeCloseTo(sum, 12);
    }
  // the dot test: <g, w h> = <dw, w> = <w' g, h>
  let left = 0, middle = 0, right = 0;
  for (let k = 0; k < rows * lanes; k++) left += g[outAt + k] * out[outAt + k];
  w.forEach((value, k) => (middle += dw[k] * value));
  for (let k = 0; k < columns * lanes; k++) right += dh[k] * h[hAt + k];
  expect(middle).toBeCloseTo(left, 10);
  expect(right).toBeCloseTo(left, 10);
}));

test("every activation's adjoint is its derivative, by central differences", () => sweep((draw) => {
  const x = draw.normal([8]).data.map((v) => (Math.abs(v) < 0.01 ? 0.5 : v)), h = 1e-6; // away from the relu's kink
  for (const phi of activations) {
    const at = (shift: number) => { const out = new Float64Array(8); activate(phi, out, x.map((v) => v + shift), 0, 8); return out; };
    const d = new Float64Array(8).fill(1), up = at(h), down = at(-h);
    activateAdjoint(phi, d, at(0), 0, 8);
    d.forEach((slope, i) => expect(Math.abs(slope - (up[i] - down[i]) / (2 * h))).toBeLessThan(1e-8));
  }
}));

test("a panel packs trials into lanes, repeats the last where it is not full, and unpacks them", () => sweep((draw) => {
  const trials = draw.int(1, 19), time = draw.int(1, 4), n = draw.int(1, 3), x = draw.normal([trials, time, n]), back = zeros(x.shape);
  for (let first = 0; first < trials; first += lanes) {
    const panel = new Float64Array(time * n * lanes);
    packPanel(panel, x, first, n);
    unpackPanel(back, panel, first, n);
    expect(panel[lanes - 1]).toBe(x.data[Math.min(first + lanes - 1, trials - 1) * time * n]);
  }
  expect(back).toEqual(x);
}));
