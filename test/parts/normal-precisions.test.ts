import { expect, test } from "vitest";
import {
  changingInputs,
  conditionStates,
  gaussianTrialFactors,
  normalPrecisions,
  randomWalkTrialFactors,
  smoothCourses,
  trialStates,
} from "../../src/parts";
import { mapParams, tensor, type Params } from "../../src/tensor";

const valuesOf = (precisions: Params) => mapParams(precisions, (data) => Float64Array.from(new Set(data)));

test("whitened factors and deviations of initial states are standard normal; of constants nothing is assumed", () => {
  const smooth = gaussianTrialFactors({ times: [0, 1, 2, 4], length: 2 }),
    walk = randomWalkTrialFactors([0, 1, 3], { sigma: 2 }),
    states = trialStates([0, 1, 0], 2, 0.3);
  for (const part of [smooth, walk]) {
    const { z, m } = normalPrecisions(part.prior as never, part.start(2));
    expect([...(z?.data ?? [])].every((precision) => precision === 1)).toBe(true);
    expect([...(m?.data ?? [])]).toEqual([0, 0]);
  }
  const { x0, dx0 } = normalPrecisions(states.prior as never, states.start(1, 3));
  expect([...(x0?.data ?? [])]).toEqual(new Array(6).fill(0));
  expect([...(dx0?.data ?? [])]).toEqual(new Array(9).fill(1));
  expect(conditionStates([0, 1], 2).prior).toBeUndefined();
});

test("each parameter has its own precision, and what is of another form is left out", () => {
  const like = { p: tensor([2], [0, 0]), q: tensor([1], [0]), unseen: tensor([1], [0]) },
    energy = ({ p, q }: Params): readonly [number, Params] => [
      0,
      {
        p: { shape: [2], data: Float64Array.from(p?.data ?? [], (x, i) => (i === 0 ? 4 : 9) * x) },
        q: { shape: [1], data: Float64Array.from(q?.data ?? [], (x) => x * x * x) },
      },
    ];
  const found = normalPrecisions(energy, like);
  expect([...(found.p?.data ?? [])]).toEqual([4, 9]);
  expect(found.q).toBeUndefined();
  expect([...(found.unseen?.data ?? [])]).toEqual([0]);
});

test("of inputs that change over trials sizes are normal, and courses, whose size is fixed, are not", () => {
  const bins = { conditions: [0, 1, 0, 1], conditionCount: 2, time: 5, driven: 5 },
    factors = gaussianTrialFactors({ times: [0, 1, 2, 3], length: 2 }),
    part = changingInputs(bins, 2, factors, smoothCourses("test", 5, { length: 2 })),
    found = normalPrecisions(part.prior as never, part.start(1));
  expect([...(valuesOf(found)["d.z"]?.data ?? [])]).toEqual([1]);
  expect(found.v).toBeUndefined();
});
