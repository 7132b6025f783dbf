import { expect, test } from "vitest";
import { last } from "../../src/base";
import { adam, chain, followedBy, lbfgs, optimizerFrom, scaleByCurvature, sgd } from "../../src/optim";
import { tensor, type Params } from "../../src/tensor";
import { train } from "../../src/train";

/** Half the sum of s x², with s from 1 to 100. */
const sizes = [1, 5, 20, 100],
  valley = Object.assign(
    ({ x }: Params) => {
      const data = x?.data ?? new Float64Array(4);
      return {
        loss: data.reduce((sum, entry, i) => sum + (sizes[i] * entry * entry) / 2, 0),
        gradients: {
          x: tensor(
            [4],
            Array.from(data, (entry, i) => sizes[i] * entry),
          ),
        },
      };
    },
    { steady: true, curvature: () => ({ x: tensor([4], sizes) }) },
  );
const start = { x: tensor([4], [1, -1, 1, -1]) };

test("the second begins as it would at the parameters that the first has left", async () => {
  for (const next of [lbfgs({ memory: 3 }), scaleByCurvature(lbfgs()), sgd(1e-3)]) {
    const whole = await last(train(valley, start, { optimizer: followedBy(adam(0.1), next, { after: 4 }), steps: 9 })),
      before = await last(train(valley, start, { optimizer: adam(0.1), steps: 4 })),
      after = await last(train(valley, before.params, { optimizer: next, steps: 5 }));
    expect(whole.params).toEqual(after.params);
  }
});

test("it says when it searches, leaves the span where either does, and is made again from its description", () => {
  const both = followedBy(sgd(0.1), followedBy(adam(0.1), lbfgs(), { after: 5 }), { after: 3 });
  expect([both.searches, both.searchesAfter, both.span.preserved]).toEqual([true, 8, false]);
  expect(followedBy(sgd(0.1), lbfgs()).span).toEqual({ preserved: true });
  expect(followedBy(adam(0.1), sgd(0.1)).searches).toBeUndefined();
  const { init: _, update: __, ...same } = both,
    { init: ___, update: ____, ...again } = optimizerFrom(structuredClone(both.description));
  expect(again).toEqual(same);
});

test("a first one that searches, half a description, and parts beside it in a chain are refused", () => {
  expect(() => followedBy(lbfgs(), sgd(0.1))).toThrow(/followedBy.*gradients as they come/s);
  expect(() => optimizerFrom({ kind: "followedBy", first: sgd(0.1).description, after: 3 })).toThrow(/optimizerFrom/);
  expect(() => chain(followedBy(sgd(0.1), lbfgs()), sgd(0.1))).toThrow(/alone/);
  expect(() => followedBy(sgd(0.1), sgd(0.1), { after: 0 })).toThrow(/after/);
});
