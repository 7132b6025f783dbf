import { expect, test } from "vitest";
import { lbfgs, optimizerFrom, scaleByCurvature, sgd, type GradientTransform } from "../../src/optim";
import { tensor, type Params, type Tensor } from "../../src/tensor";
import { last } from "../../src/base";
import { train } from "../../src/train";

/** A valley, half the sum of curvature x², whose axes are curved by 1 to 1000. */
const curvatures: Readonly<Record<string, number>> = { p: 1, q: 10, r: 100, s: 1000 },
  axes = Object.keys(curvatures);
const over = (of: (name: string) => number): Params =>
  Object.fromEntries(axes.map((name) => [name, tensor([1], [of(name)])]));
const at = (params: Params, name: string): number => (params[name] as Tensor).data[0];
const valley = Object.assign(
  (params: Params) => ({
    loss: axes.reduce((sum, name) => sum + (curvatures[name] * at(params, name) ** 2) / 2, 0),
    gradients: over((name) => curvatures[name] * at(params, name)),
  }),
  { steady: true, curvature: () => over((name) => curvatures[name]) },
);
const start = over((name) => (name < "r" ? 1 : -1));
const run = (optimizer: GradientTransform, steps: number, objective: unknown = valley) =>
  last(train(objective as never, start, { optimizer, steps }));

test("gradient descent in scaled parameters ends where curvature alone kept it from ending", async () => {
  const plain = await run(sgd(1e-3), 30),
    scaled = await run(scaleByCurvature(sgd(0.4)), 30);
  expect(plain.loss).toBeGreaterThan(1);
  expect(scaled.loss).toBeLessThan(1e-10); // powers of two leave curvatures of 1 to 4: each step leaves 0.6 at most
});

test("curvature is asked for before the first update, and after 20, 60, 140 of them", async () => {
  const steps: number[] = [];
  const asked = Object.assign((params: Params) => valley(params), {
    curvature: (_: unknown, step: number) => {
      steps.push(step);
      return valley.curvature();
    },
  });
  await run(scaleByCurvature(sgd(1e-3)), 150, asked);
  expect(steps).toEqual([0, 20, 60, 140]);
  steps.length = 0;
  await run(scaleByCurvature(sgd(1e-3), { first: 7 }), 60, asked);
  expect(steps).toEqual([0, 7, 21, 49]);
});

test(
  "where curvature is one everywhere, the bits are those of the " + "other transform until it is looked at again",
  async () => {
    const flat = Object.assign((params: Params) => valley(params), {
      curvature: () => ({ x: tensor([5], [1, 1, 1, 1, 1]) }),
    });
    const plain = await run(lbfgs(), 15, flat),
      scaled = await run(scaleByCurvature(lbfgs()), 15, flat);
    expect(scaled.params).toEqual(plain.params);
  },
);

test("a run resumes to the same bits, and its description makes it again", async () => {
  const optimizer = scaleByCurvature(lbfgs({ memory: 3 }), { first: 2 }),
    whole = await run(optimizer, 9),
    half = await run(optimizer, 4);
  const again = optimizerFrom(structuredClone(optimizer.description)),
    rest = await last(train(valley as never, structuredClone(half) as never, { optimizer: again, steps: 5 }));
  expect(rest.params).toEqual(whole.params);
  expect(again.name).toBe(optimizer.name);
});

test("wrong calls are refused", async () => {
  await expect(run(scaleByCurvature(lbfgs()), 3, (params: Params) => valley(params))).rejects.toThrow(
    "train: expected an objective that tells its curvature",
  );
  expect(() => scaleByCurvature({} as never)).toThrow(
    "scaleByCurvature: expected transform to be a gradient transform",
  );
  expect(() => scaleByCurvature(lbfgs(), { first: 0 })).toThrow("first");
});
