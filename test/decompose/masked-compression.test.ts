import { expect, test } from "vitest";
import { cpAls, cpAlsSweeps, cpToTensor, matchComponents, tensor, type Tensor } from "../../src";
import { draw, sweep, type Draw } from "../support/sweep";

/** Planted components under noise, some entries missing: NaN there, so that whoever reads one is found out. */
function planted(stream: Draw, shape: readonly number[], rank: number, noise: number, share: number) {
  const truth = {
      weights: tensor([rank], new Float64Array(rank).fill(1)),
      factors: shape.map((size) => stream.normal([size, rank])),
    },
    mask: Tensor = { shape, data: Float64Array.from(cpToTensor(truth).data, () => (stream.uniform() < share ? 0 : 1)) },
    level = stream.normal(shape, noise).data,
    x: Tensor = {
      shape,
      data: cpToTensor(truth).data.map((value, i) => (mask.data[i] === 0 ? NaN : value + level[i])),
    };
  return { truth, x, mask };
}

test("starts compared on a compressed tensor lead to the optimum that sweeps without compression find", () =>
  sweep((stream) => {
    const { truth, x, mask } = planted(stream, [20, 18, 16], 3, 0.3, 0.3),
      options = { mask, seed: stream.seed, tolerance: 1e-13, starts: 4 },
      small = cpAls(x, 3, { ...options, method: { compress: true } }),
      whole = cpAls(x, 3, options);
    expect(small.compression?.ranks).toEqual([3, 3, 3]);
    expect(whole.compression).toBeUndefined();
    // the same minimum of the same error: of second order in the factors, which agree to 1e-5
    expect(Math.abs(small.relativeError - whole.relativeError)).toBeLessThan(1e-9);
    expect(matchComponents(small, whole).score).toBeGreaterThan(1 - 1e-8);
    expect(matchComponents(truth, small).score).toBeGreaterThan(0.99);
    // sweeps over x begin near to the end
    expect(small.trace[0]).toBeLessThan(1.01 * whole.relativeError);
  }, 3));

test("without noise the planted tensor comes out where it is missing, more than half of it too", () => {
  const { truth, x, mask } = planted(draw(7), [20, 18, 16], 3, 0, 0.6),
    end = cpAls(x, 3, { mask, method: { compress: true }, tolerance: 1e-14 });
  expect(end.relativeError).toBeLessThan(1e-8);
  expect(matchComponents(truth, end).score).toBeGreaterThan(1 - 1e-8);
});

test("reports of the comparison say the error over the observed entries", () => {
  const { x, mask } = planted(draw(8), [12, 11, 10], 2, 0.2, 0.3),
    states = [...cpAlsSweeps(x, 2, { mask, method: { compress: true }, sweeps: 3 })],
    [first] = states;
  expect(first.stage).toBe("start");
  const model = cpToTensor(first).data;
  let off = 0,
    size = 0;
  mask.data.forEach((seen, i) => {
    if (seen === 0) return;
    off += (x.data[i] - model[i]) ** 2;
    size += x.data[i] ** 2;
  });
  expect(first.relativeError).toBeCloseTo(Math.sqrt(off / size), 10);
  expect(states.every(({ relativeError }) => Number.isFinite(relativeError))).toBe(true);
});
