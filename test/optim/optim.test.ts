import { expect, test } from "vitest";
import { last } from "../../src/base";
import { adam, chain, clipByNorm, cosineDecay, momentum, sgd, type Transform } from "../../src/optim";
import { mapParams, paramsNorm, tensor, type Params } from "../../src/tensor";
import { train } from "../../src/train";
import { sweep } from "../support/sweep";

// name, transform, whether it preserves the span of gradients (theory B1, B5)
const table: [string, () => Transform, boolean][] = [
  ["sgd", () => sgd(0.1), true],
  ["heavy ball", () => momentum(0.05), true],
  ["Nesterov", () => momentum(0.05, { nesterov: true }), true],
  ["adam", () => adam(0.1), false],
  ["clipped sgd", () => chain(clipByNorm(1), sgd(0.2)), true],
  ["clipped adam on a cosine", () => chain(clipByNorm(1), adam(cosineDecay(0.3, { steps: 200, warmup: 10 }))), false],
];

/** A bowl with its lowest point at `at`: loss = 1/2 sum s (p - at)². */
const bowl = (at: Params, scale: number) => (params: Params) => {
  const gradients = mapParams(params, (p, name) => p.map((x, i) => scale * (x - at[name]!.data[i])));
  return { loss: paramsNorm(gradients) ** 2 / (2 * scale), gradients };
};

test.each(table)(
  "%s reaches the lowest point of a bowl, remembers nothing outside its memory, and mutates nothing",
  async (_, make, preserved) => {
    const at = { p: tensor([2, 2], [1, -2, 3, 0.5]), q: tensor([1], [4]) },
      start = { p: tensor([2, 2], [0, 0, 0, 0]), q: tensor([1], [0]) };
    const before = structuredClone(start),
      optimizer = make();
    expect(optimizer.span.preserved).toBe(preserved);
    const end = await last(train(bowl(at, 1.5), start, { optimizer, steps: 200 }));
    expect(end.loss).toBeLessThan(1e-2);
    expect(start).toEqual(before);
    const halfway = structuredClone(await last(train(bowl(at, 1.5), start, { optimizer: make(), steps: 80 })));
    const resumed = await last(train(bowl(at, 1.5), halfway, { optimizer: make(), steps: 120 }));
    expect(resumed.params).toEqual(end.params); // bit for bit
    expect(resumed.step).toBe(200);
  },
);

test("updates that preserve the span are combinations of the gradients seen so far", () =>
  sweep((draw) => {
    for (const [, make, preserved] of table) {
      const optimizer = make(),
        direction = draw.normal([6]);
      let memory = optimizer.init({ p: direction }),
        update: Params = {};
      for (let step = 0; step < 3; step++)
        [update, memory] = optimizer.update({ p: tensor([6], scaled(direction.data, 1 + draw.uniform())) }, memory, {
          p: direction,
        });
      // all gradients were multiples of one direction: an update in their span is one too
      const u = update.p!.data,
        along =
          u.reduce((sum, x, i) => sum + x * direction.data[i], 0) / direction.data.reduce((sum, x) => sum + x * x, 0);
      const off = Math.hypot(...u.map((x, i) => x - along * direction.data[i])) / Math.hypot(...u);
      if (preserved) expect(off).toBeLessThan(1e-12);
      else expect(off).toBeGreaterThan(1e-3);
    }
  }, 10));

test("the first updates are the published formulas", () => {
  const g = { p: tensor([2], [3, -4]) },
    first = (optimizer: Transform) => [...optimizer.update(g, optimizer.init(g), g)[0].p!.data];
  expect(first(sgd(0.5))).toEqual([-1.5, 2]);
  expect(first(chain(clipByNorm(1), sgd(1)))).toEqual([-0.6, 0.8]);
  adamStep(first(adam(0.01)), [-0.01, 0.01]);
  const nesterov = momentum(1, { beta: 0.9, nesterov: true });
  expect(first(nesterov).map((x) => Number(x.toFixed(12)))).toEqual([-5.7, 7.6]);
});
const scaled = (x: Float64Array, by: number) => x.map((value) => value * by);
const adamStep = (got: number[], want: number[]) => got.forEach((x, i) => expect(x).toBeCloseTo(want[i], 9)); // epsilon shifts it by 1e-11

test("wrong calls are refused", () => {
  expect(() => sgd(-1)).toThrow("scaleByRate: expected rate to be a finite number at least 0, got -1");
  expect(() => momentum(0.1, { beta: 1 })).toThrow("accumulate: expected beta in [0, 1), got 1");
  expect(() => adam(0.1, { beta2: 2 })).toThrow("scaleByAdam: expected beta1 and beta2 in [0, 1), got 2");
  expect(() => clipByNorm(0)).toThrow("clipByNorm: expected most to be a finite number above 0, got 0");
  expect(() => cosineDecay(1, { steps: 5, warmup: 5 })).toThrow("steps");
});
