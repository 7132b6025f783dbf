import { expect, test } from "vitest";
import { last } from "../../src/base";
import {
  accumulate,
  adam,
  adamW,
  applyUpdates,
  chain,
  clipByNorm,
  cosineDecay,
  decayWeights,
  followedBy,
  lbfgs,
  momentum,
  optimizerFrom,
  rmsProp,
  scaleByAdam,
  scaleByRate,
  scaleByRms,
  scheduleFrom,
  sgd,
  type GradientTransform,
  type OptimizerDescription,
  type ScheduleDescription,
  type SyncTransform,
} from "../../src/optim";
import { mapParams, paramsNorm, tensor, type Params } from "../../src/tensor";
import { train } from "../../src/train";
import { draw as drawOf } from "../support/sweep";

// name, transform, whether it preserves the span of gradients (theory B1, B5)
const table: [string, () => GradientTransform, boolean][] = [
  ["sgd", () => sgd(0.1), true],
  ["heavy ball", () => momentum(0.05), true],
  ["Nesterov", () => momentum(0.05, { nesterov: true }), true],
  ["adam", () => adam(0.1), false],
  ["adam with other decays", () => adam(0.1, { beta1: 0.8, beta2: 0.99, epsilon: 1e-6 }), false],
  ["clipped sgd", () => chain(clipByNorm(1), sgd(0.2)), true],
  ["clipped adam on a cosine", () => chain(clipByNorm(1), adam(cosineDecay(0.3, { steps: 200, warmup: 10 }))), false],
  ["AdamW", () => adamW(0.1, { decay: 1e-3 }), false],
  ["RMSProp on a cosine", () => rmsProp(cosineDecay(0.3, { steps: 200 })), false],
  [
    "centered RMSProp",
    () => chain(scaleByRms({ beta: 0.95, centered: true }), sgd(cosineDecay(0.1, { steps: 200 }))),
    false,
  ],
  ["sgd with decay", () => chain(decayWeights(1e-3, { only: ["p"] }), momentum(0.05)), true],
  ["L-BFGS", () => lbfgs({ memory: 3 }), true],
  ["gradient descent followed by L-BFGS", () => followedBy(sgd(0.1), lbfgs({ memory: 3 }), { after: 3 }), true],
  ["Adam followed by gradient descent", () => followedBy(adam(0.1), sgd(0.2), { after: 20 }), false],
  ["parts in one chain", () => chain(accumulate(0.5), clipByNorm(2), scaleByRate(0.02)), true],
];
const schedules: [string, () => ReturnType<typeof cosineDecay>][] = [
  ["cosineDecay", () => cosineDecay(0.3, { steps: 20 })],
  ["cosineDecay that warms up to a floor", () => cosineDecay(0.3, { steps: 20, warmup: 3, floor: 0.1 })],
];

/** A bowl with its lowest point at `lowest`: loss = 1/2 sum s (p - lowest)². */
const bowl = (lowest: Params, scale: number) => (params: Params) => {
  const gradients = mapParams(params, (p, name) => p.map((x, i) => scale * (x - lowest[name]!.data[i])));
  return { loss: paramsNorm(gradients) ** 2 / (2 * scale), gradients };
};
const lowest = { p: tensor([2, 2], [1, -2, 3, 0.5]), q: tensor([1], [4]) },
  start = { p: tensor([2, 2], [0, 0, 0, 0]), q: tensor([1], [0]) };
const vector = (...entries: number[]) => ({ x: tensor([entries.length], entries) });

test.each(table)(
  "%s reaches the lowest point of a bowl, remembers nothing outside its memory, and mutates nothing",
  async (_, make, preserved) => {
    const before = structuredClone(start),
      optimizer = make();
    expect(optimizer.span.preserved).toBe(preserved);
    const end = await last(train(bowl(lowest, 1.5), start, { optimizer, steps: 200 }));
    expect(end.loss).toBeLessThan(1e-2);
    expect(start).toEqual(before);
    const halfway = structuredClone(await last(train(bowl(lowest, 1.5), start, { optimizer: make(), steps: 80 })));
    const resumed = await last(train(bowl(lowest, 1.5), halfway, { steps: 120 }));
    expect(resumed.params).toEqual(end.params); // bit for bit
    expect(resumed.step).toBe(end.step);
  },
);

test.each(table)("%s is made again from its description, to the same bits", async (_, make) => {
  const optimizer = make(),
    description = JSON.parse(JSON.stringify(optimizer.description)) as OptimizerDescription;
  const again = optimizerFrom(description);
  expect(again.description).toEqual(optimizer.description);
  expect([again.name, again.span]).toEqual([optimizer.name, optimizer.span]);
  const run = async (optimizer: GradientTransform) =>
    (await last(train(bowl(lowest, 1.5), start, { optimizer, steps: 30 }))).params;
  expect(await run(again)).toEqual(await run(optimizer));
});

test.each(schedules)("%s is made again from its description, to the same bits", (_, make) => {
  const schedule = make(),
    again = scheduleFrom(JSON.parse(JSON.stringify(schedule.description)) as ScheduleDescription);
  for (let step = 0; step < 30; step++) expect((again as typeof schedule)(step)).toBe(schedule(step));
  expect(scheduleFrom(0.5)).toBe(0.5);
});

test("what is custom has a name, and cannot be made again from it", () => {
  const halving = (step: number) => 0.5 ** step,
    custom = { ...sgd(0.1), name: "mine", description: undefined } as unknown as SyncTransform;
  expect(sgd(halving).description).toEqual({
    kind: "chain",
    of: [{ kind: "scaleByRate", rate: { kind: "custom", name: "halving" } }],
  });
  expect(() => optimizerFrom(sgd(halving).description!)).toThrow(
    "optimizerFrom: expected the description of a schedule of the " +
      'library\'s, got that of the custom schedule "halving"',
  );
  expect(() => optimizerFrom(chain(clipByNorm(1), custom).description!)).toThrow('the custom transform "mine"');
  expect(() => scheduleFrom({ kind: "custom", name: "halving" })).toThrow("scheduleFrom: expected the description");
});

test("updates that preserve the span are combinations of the gradients seen so far", async () => {
  for (const draw of [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map(drawOf))
    for (const [, make, preserved] of table) {
      const optimizer = make(),
        direction = draw.normal([6]);
      // a loss of one combination z of the entries: z^4 / 4 + z^2 / 2, over the squared length of its weights
      const evaluate = (params: Params) => {
        const z = dot(params.p!.data, direction.data),
          square = dot(direction.data, direction.data);
        const gradients = { p: tensor([6], scaled(direction.data, (z ** 3 + z) / square)) };
        return { loss: (z ** 4 / 4 + z ** 2 / 2) / square, gradients };
      };
      let params: Params = { p: tensor([6], scaled(direction.data, draw.uniform())) },
        memory = optimizer.init(params),
        update: Params = {};
      for (let step = 0; step < 3; step++) {
        const { loss, gradients } = evaluate(params);
        [update, memory] = await optimizer.update(gradients, memory, params, { loss, evaluate });
        params = applyUpdates(params, update);
      }
      // all gradients and parameters were multiples of one direction: an update in their span is one too
      const u = update.p!.data,
        along =
          u.reduce((sum, x, i) => sum + x * direction.data[i], 0) / direction.data.reduce((sum, x) => sum + x * x, 0);
      const off = Math.hypot(...u.map((x, i) => x - along * direction.data[i])) / Math.hypot(...u);
      if (preserved) expect(off, `seed ${draw.seed}`).toBeLessThan(1e-12);
      else expect(off, `seed ${draw.seed}`).toBeGreaterThan(1e-3);
    }
});

test("the first updates are the published formulas", () => {
  const g = { p: tensor([2], [3, -4]) },
    first = (optimizer: SyncTransform) => [...optimizer.update(g, optimizer.init(g), g)[0].p!.data];
  expect(first(sgd(0.5))).toEqual([-1.5, 2]);
  expect(first(chain(clipByNorm(1), sgd(1)))).toEqual([-0.6, 0.8]);
  adamStep(first(adam(0.01)), [-0.01, 0.01]);
  const nesterov = momentum(1, { beta: 0.9, nesterov: true });
  expect(first(nesterov).map((x) => Number(x.toFixed(12)))).toEqual([-5.7, 7.6]);
});
const scaled = (x: Float64Array, by: number) => x.map((value) => value * by);
const dot = (x: Float64Array, y: Float64Array) => x.reduce((sum, value, i) => sum + value * y[i], 0);
/** Epsilon shifts it by 1e-11. */
const adamStep = (got: number[], want: number[]) => expect(got).toEqual(want.map((x) => expect.closeTo(x, 9)));

test("a gradient of any finite size is clipped to its direction, and a small one is left", () => {
  const clipped = (most: number, ...g: number[]) => [...clipByNorm(most).update(vector(...g), null, {})[0].x!.data];
  for (const unit of [1, 1e150, 1e160, 1e200, 2e307]) {
    const [x, y] = clipped(1, 3 * unit, 4 * unit);
    expect(Math.abs(x - 0.6) + Math.abs(y - 0.8), `${unit}`).toBeLessThan(1e-15);
  }
  expect(clipped(1, 3e200, 0)).toEqual([1, 0]);
  expect(clipped(1, 1.5e308, 1.5e308, 1.5e308).map((x) => x * Math.sqrt(3))).toEqual(
    [1, 1, 1].map((x) => expect.closeTo(x, 14)),
  );
  expect(clipped(1e200, 3e260, 4e260).map((x) => x / 1e200)).toEqual([0.6, 0.8].map((x) => expect.closeTo(x, 14)));
  expect(clipped(1e-200, 3e-180, 4e-180).map((x) => x * 1e200)).toEqual([0.6, 0.8].map((x) => expect.closeTo(x, 14)));
  expect(clipped(1, 3e-200, 4e-200)).toEqual([3e-200, 4e-200]);
});

test("adam takes steps of the rate whatever the unit of the gradients, while epsilon is below it", () => {
  for (const unit of [1, 1e160, 1e300, 1.7e308, 1e-200]) {
    const optimizer = adam(0.01, { epsilon: 1e-320 }),
      g = vector(unit, -unit);
    let memory = optimizer.init(g),
      updates: Params = {};
    for (let step = 0; step < 5; step++) {
      [updates, memory] = optimizer.update(g, memory, g);
      expect([...updates.x!.data], `${unit}`).toEqual([-0.01, 0.01].map((x) => expect.closeTo(x, 14)));
    }
  }
  const [updates] = adam(0.01).update(vector(1e-200), adam(0.01).init(vector(0)), {});
  expect(updates.x!.data[0]).toBeCloseTo(-0.01 * 1e-192, 200); // g / (|g| + epsilon)
  expect(adam(0.01).update(vector(0), adam(0.01).init(vector(0)), {})[0].x!.data[0]).toBe(-0);
});

test("RMSProp takes steps of the same size whatever the unit of the gradients", () => {
  for (const unit of [1, 1e160, 1.7e308, 1e-200]) {
    const optimizer = rmsProp(0.01, { epsilon: 1e-320, beta: 0 }),
      g = vector(unit, -unit);
    const [updates] = optimizer.update(g, optimizer.init(g), g);
    expect([...updates.x!.data], `${unit}`).toEqual([-0.01, 0.01].map((x) => expect.closeTo(x, 14)));
  }
  // equal gradients have no deviation but that of the start: epsilon bounds the step, and nothing is NaN
  const centered = scaleByRms({ beta: 0.5, centered: true });
  let memory = centered.init(vector(0, 0)),
    updates: Params = {};
  for (let step = 0; step < 200; step++) [updates, memory] = centered.update(vector(0.1, 3), memory, {});
  expect([...updates.x!.data].every((x) => Number.isFinite(x) && x > 0)).toBe(true);
});

test("what decays is known of a chain, and left out of what does not", () => {
  const spanOf = (optimizer: SyncTransform) => optimizer.span;
  expect(spanOf(chain(decayWeights(0.1), sgd(1)))).toEqual({ preserved: true, decays: "all" });
  const both = chain(decayWeights(0.1, { only: ["w"] }), decayWeights(0.1, { only: ["b", "w"] }), sgd(1));
  expect(spanOf(both)).toEqual({ preserved: true, decays: ["w", "b"] });
  expect(spanOf(adamW(0.1)).preserved).toBe(false);
  const params = { x: tensor([1], [2]), y: tensor([1], [2]) };
  const [updates] = decayWeights(0.5, { only: ["y"] }).update(params, null, params);
  expect([updates.x!.data[0], updates.y!.data[0]]).toEqual([2, 3]);
});

test("a parameter without a gradient keeps its memory and its value", () => {
  const optimizer = adam(0.1),
    params = { x: tensor([1], [1]), y: tensor([1], [2]) };
  const [, memory] = optimizer.update({ x: tensor([1], [1]), y: tensor([1], [1]) }, optimizer.init(params), params);
  const [updates, next] = optimizer.update({ x: tensor([1], [1]) }, memory, params);
  expect((next as [{ mean: Params }])[0].mean.y).toBe((memory as [{ mean: Params }])[0].mean.y);
  expect(applyUpdates(params, updates).y).toEqual(params.y);
});

test("wrong calls are refused in the name of the function that was called", () => {
  expect(() => sgd(-1)).toThrow(
    "sgd: expected rate to be a finite number at least 0, or a function of the step, got -1",
  );
  expect(() => adam("fast" as never)).toThrow(
    'adam: expected rate to be a finite number at least 0, or a function of the step, got "fast"',
  );
  expect(() => momentum(0.1, { beta: 1 })).toThrow(
    "momentum: expected beta to be a finite number of at least 0 and below 1, got 1",
  );
  expect(() => momentum(0.1, { nestrov: true } as never)).toThrow("Did you mean nesterov?");
  expect(() => adam(0.1, { beta2: 2 })).toThrow("adam: expected betas.beta2 to be a finite number");
  expect(() => scaleByAdam(0.9 as never)).toThrow(
    "scaleByAdam: expected betas to be a record { beta1, beta2, epsilon }, got 0.9",
  );
  expect(() => adamW(0.1, { decay: -1 })).toThrow("adamW: expected decay to be a finite number of at least 0, got -1");
  expect(() => adamW(0.1, { beta1: 1 })).toThrow(
    "adamW: expected beta1 to be a finite number of at least 0 and below 1",
  );
  expect(() => rmsProp(0.1, { beta: 1 })).toThrow("rmsProp: expected beta to be a finite number");
  expect(() => decayWeights(0.1, { onlly: ["x"] } as never)).toThrow("decayWeights: expected options by known names");
  expect(() => decayWeights(0.1, { only: ["y"] }).update(vector(1), null, vector(1))).toThrow(
    "decayWeights: expected the parameters that train, y among them, got x",
  );
  expect(() => clipByNorm(0)).toThrow("clipByNorm: expected most to be a finite number above 0, got 0");
  expect(() => cosineDecay(1, { steps: 5, warmup: 5 })).toThrow("steps");
  expect(() => chain()).toThrow("chain: expected at least one transform in a chain, got none");
  expect(() => chain(clipByNorm(1), adam as never)).toThrow("chain: expected part 2 to be a gradient transform");
  expect(() => sgd(() => Infinity).update(vector(1), [{ step: 3 }], {})).toThrow("got Infinity at step 3");
  expect(() => optimizerFrom({ kind: "constructor" } as never)).toThrow(
    "optimizerFrom: expected the description of an optimizer",
  );
  const loop: { kind: string; of: unknown[] } = { kind: "chain", of: [] };
  loop.of.push(loop);
  expect(() => optimizerFrom(loop as never)).toThrow("chains within chains without end");
});

test("applyUpdates refuses updates that fit no parameter", () => {
  expect(() => applyUpdates(vector(1, 2), vector(1))).toThrow("applyUpdates: expected updates.x of shape (2), got (1)");
  expect(() => applyUpdates(vector(1), { y: tensor([1], [1]) })).toThrow("applyUpdates: expected updates of x, got y");
  expect(() => accumulate(0.9).update(vector(1, 2), vector(0), {})).toThrow(
    "accumulate: expected memory of 2 entries for x",
  );
});

test("a schedule that gives a rate below 0, or none, is refused as the number would be", () => {
  const gradients = { x: tensor([1], [1]) };
  for (const rate of [-1, Number.NaN, "0.1" as never]) {
    const optimizer = sgd(() => rate);
    expect(() => optimizer.update(gradients, optimizer.init(gradients), gradients)).toThrow("rates of at least 0, got");
  }
});
