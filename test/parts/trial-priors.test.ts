import { expect, test } from "vitest";
import {
  fixedTrialFactors,
  freeTrialFactors,
  gaussianTrialFactors,
  piecewiseConstantTrialFactors,
  randomWalkTrialFactors,
  trialCovariance,
  trialFactorsFrom,
  type PredictedFactors,
  type TrialFactors,
} from "../../src/parts";
import { tensor, zeros, type Matrix, type Params } from "../../src/tensor";
import { close } from "../support/close";
import { gradcheck } from "../support/gradcheck";
import { draw, sweep, type Draw } from "../support/sweep";

const times = [0, 1, 1.5, 4, 9, 9.5, 11],
  epochs = ["a", "a", "a", "b", "b", "c", "c"];

/** Every prior, with and without what it can be told. */
const priors: readonly (readonly [string, () => TrialFactors])[] = [
  ["gaussian", () => gaussianTrialFactors({ times, length: 3 }) as TrialFactors],
  ["gaussian of a covariance", () => gaussianTrialFactors(trialCovariance(times, { length: 3 })) as TrialFactors],
  [
    "gaussian, epochs, noise",
    () =>
      gaussianTrialFactors(
        { times, kernel: "matern32", length: 3, noise: 0.1 },
        { epochs, constants: "perEpoch" },
      ) as TrialFactors,
  ],
  [
    "gaussian, basis, epochs",
    () => gaussianTrialFactors({ times, kernel: "rbf", length: 3 }, { epochs, basis: 0.95 }) as TrialFactors,
  ],
  [
    "gaussian of a covariance, constants, jitter",
    () =>
      gaussianTrialFactors(trialCovariance(times, { length: 2, kernel: "matern52" }), {
        epochs,
        constants: "perEpoch",
        jitter: 0.2,
      }) as TrialFactors,
  ],
  ["free", () => freeTrialFactors(7) as TrialFactors],
  ["fixed", () => fixedTrialFactors(7) as TrialFactors],
  ["random walk", () => randomWalkTrialFactors(times) as TrialFactors],
  [
    "random walk, epochs, any order, one time twice",
    () => randomWalkTrialFactors([3, 1, 1, 2, 7, 8, 6], { sigma: 0.7, epochs }) as TrialFactors,
  ],
  ["piecewise constant", () => piecewiseConstantTrialFactors(epochs) as TrialFactors],
];

const drawParams = (d: Draw, prior: TrialFactors, rank: number): Params =>
  Object.fromEntries(Object.entries(prior.start(rank)).map(([name, x]) => [name, d.normal(x?.shape ?? [])]));

test.each(priors)("%s: it starts at factors of 1, is linear, and its adjoint passes finite differences", (_, make) => {
  const prior = make();
  for (const rank of [1, 3]) {
    const [start] = prior(prior.start(rank));
    expect(start.shape).toEqual([prior.trials, rank]);
    for (const c of start.data) expect(c).toBe(1);
  }
  sweep((d) => {
    const rank = d.int(1, 3),
      params = drawParams(d, prior, rank),
      weights = d.normal([prior.trials, rank]);
    const weighted = (moved: Params) =>
      prior(moved)[0].data.reduce((sum, x, index) => sum + x * weights.data[index], 0);
    gradcheck(weighted, params, prior(params)[1](weights), d.normal);
    const twice = Object.fromEntries(
      Object.entries(params).map(([name, x]) => [name, tensor(x?.shape ?? [], x?.data.map((v) => 2 * v) ?? [])]),
    );
    close(prior(twice)[0], { ...prior(params)[0], data: prior(params)[0].data.map((c) => 2 * c) }, 1e-14);
    if (!prior.prior) return;
    gradcheck((moved) => prior.prior?.(moved)[0] ?? 0, params, prior.prior(params)[1], d.normal);
  }, 5);
});

test.each(priors)("%s: its description makes it again, also as a copy of plain data", (_, make) => {
  const prior = make(),
    params = drawParams(draw(3), prior, 2),
    again = trialFactorsFrom(structuredClone(prior.description));
  expect(again.description).toEqual(prior.description);
  expect(again(params)[0]).toEqual(prior(params)[0]);
  expect(again(params)[1](prior(params)[0])).toEqual(prior(params)[1](prior(params)[0]));
});

test("a whitened random walk has steps whose variance is that of the time between trials", () => {
  const factors = randomWalkTrialFactors([3, 1, 1, 2, 7], { sigma: 0.5 });
  expect(factors.start(1).z.shape).toEqual([3, 1]);
  // trials in the order of time: 1, 2 (at the same time), 3, 0, 4; z in the order of trials: 0, 3, 4
  const [c] = factors({ z: tensor([3, 1], [100, 10, 1]), m: tensor([1], [0]) });
  expect([...c.data]).toEqual([55, 0, 0, 5, 56]);
  const drawn = draw(1).normal([4000, 1]),
    long = randomWalkTrialFactors(
      Array.from({ length: 4001 }, (_, k) => 4 * k),
      { sigma: 0.5 },
    );
  const [path] = long({ z: drawn, m: tensor([1], [0]) });
  let squares = 0;
  for (let k = 1; k < 4001; k++) squares += (path.data[k] - path.data[k - 1]) ** 2 / 4000;
  expect(Math.abs(squares - 1)).toBeLessThan(0.1); // four standard errors
});

test("trials of one epoch at one time without noise are told apart by the jitter, and said so", () => {
  const twice = [0, 1, 1, 2, 1];
  const smooth = gaussianTrialFactors({ times: twice, length: 3 });
  expect(smooth.description.repeatedTimes).toEqual([2, 4]);
  expect(smooth.jitter).toBe(1e-6);
  const params = drawParams(draw(2), smooth as TrialFactors, 2);
  expect((smooth as TrialFactors)(params)[0].data.every(Number.isFinite)).toBe(true);
  expect(trialFactorsFrom(smooth.description).description).toEqual(smooth.description);
  expect(gaussianTrialFactors({ times: twice, length: 3, noise: 0.1 }).description.repeatedTimes).toBeUndefined();
  expect(
    gaussianTrialFactors({ times: twice, length: 3 }, { epochs: [0, 0, 1, 1, 2] }).description.repeatedTimes,
  ).toBeUndefined();
  expect(message(() => gaussianTrialFactors({ times: twice, length: 3 }, { jitter: 0 }))).toContain(
    "a positive definite covariance, got one that is not, with jitter 0. Raise jitter, or give the kernel some noise",
  );
});

test("a Matérn kernel of a large length at close times stays a covariance", () => {
  for (const kernel of ["matern32", "matern52", "rbf", "rationalQuadratic"] as const)
    for (const length of [1, 1e3, 1e8, 1e15]) {
      const near = Array.from({ length: 60 }, (_, k) => k * 0.37),
        cov = trialCovariance(near, { kernel, length });
      for (let i = 0; i < 60; i++)
        for (let j = 0; j < 60; j++) {
          expect(cov.data[i * 60 + j]).toBeLessThanOrEqual(1);
          // farther apart is never nearer
          if (j > i + 1) expect(cov.data[i * 60 + j]).toBeLessThanOrEqual(cov.data[i * 60 + j - 1]);
        }
      expect(gaussianTrialFactors(cov).root.data.every(Number.isFinite), `${kernel}, ${length}`).toBe(true);
    }
});

test("epochs cut a process; constants per epoch let each have its own level", () => {
  const shared = gaussianTrialFactors({ times, length: 3 }, { epochs });
  expect(shared.start(2).m.shape).toEqual([2]);
  const own = gaussianTrialFactors({ times, length: 3 }, { epochs, constants: "perEpoch" });
  const [c] = own({ z: zeros([7, 1]), m: tensor([3, 1], [1, 2, 3]) });
  expect([...c.data]).toEqual([1, 1, 1, 2, 2, 3, 3]);
  // a trial of another epoch moves nothing here
  const z = zeros([7, 1]);
  z.data[3] = 1;
  const [moved] = shared({ z, m: tensor([1], [0]) });
  expect([...moved.data].map((x) => x !== 0)).toEqual([false, false, false, true, true, false, false]);
});

test("new trials: each prior says what it means, or why it says nothing", () => {
  const refused = (prediction: unknown) => prediction as { status: string; because: string; tryInstead: string };
  const smooth = gaussianTrialFactors({ times, length: 3, noise: 0.2 }, { epochs });
  const params = { z: draw(1).normal([7, 2]), m: tensor([2], [1, -1]) };
  const anew = smooth.predict(params, [100, 2], ["d", "a"]) as PredictedFactors;
  // a new epoch: the constant, with the variance of the process
  expect([...anew.mean.data.slice(0, 2)]).toEqual([1, -1]);
  expect(anew.variance.data[0]).toBeCloseTo(1 + 0.04 + smooth.jitter, 14);
  expect(anew.variance.data[2]).toBeLessThan(0.2);
  const own = gaussianTrialFactors({ times, length: 3 }, { epochs, constants: "perEpoch" });
  expect(refused(own.predict({ ...params, m: zeros([3, 2]) }, [100], ["d"])).because).toContain("constant");
  expect(
    refused(gaussianTrialFactors(trialCovariance(times, { length: 3 })).predict(params, [100])).tryInstead,
  ).toContain("times");
  expect(refused(freeTrialFactors(3).predict({ c: zeros([3, 1]) }, [4])).status).toBe("refused");
  const levels = piecewiseConstantTrialFactors([true, true, false]),
    two: Matrix = tensor([2, 1], [5, 7]);
  const block = levels.predict({ levels: two }, [1, 2, 3], [true, false, true]) as PredictedFactors;
  expect([...block.mean.data]).toEqual([7, 5, 7]);
  expect([...block.variance.data]).toEqual([0, 0, 0]);
  expect(refused(levels.predict({ levels: two }, [1], ["other"])).because).toContain("block without known trials");
  const fixed = fixedTrialFactors(3).predict({ m: tensor([2], [1, 2]) }, [0, 9]) as PredictedFactors;
  expect([...fixed.mean.data]).toEqual([1, 2, 1, 2]);
  const walk = randomWalkTrialFactors([0, 1, 2], { sigma: 2, epochs: [0, 0, 1] });
  const ahead = walk.predict({ z: tensor([1, 1], [1]), m: tensor([2, 1], [10, 20]) }, [1, 2, 5, 4], [0, 0, 0, 1]);
  expect([...(ahead as PredictedFactors).mean.data]).toEqual([12, 12, 12, 20]);
  expect([...(ahead as PredictedFactors).variance.data]).toEqual([0, 4, 16, 8]);
  expect(refused(walk.predict({ z: zeros([1, 1]), m: zeros([2, 1]) }, [1], [7])).status).toBe("refused");
});

test("BigInt epochs are predicted by numbers of the same value", () => {
  const smooth = gaussianTrialFactors({ times: [0, 1, 2], length: 1 }, { epochs: BigInt64Array.of(1n, 1n, 2n) });
  const params = { z: draw(1).normal([3, 1]), m: zeros([1]) };
  expect(smooth.predict(params, [0.5], [1])).toEqual(smooth.predict(params, [0.5], [1n]));
  expect(smooth.description.epochs).toEqual([1, 1, 2]);
});

const message = (call: () => unknown): string => {
  try {
    call();
  } catch (error) {
    return (error as Error).message;
  }
  return "accepted";
};

test.each<readonly [() => unknown, string]>([
  [() => gaussianTrialFactors({ times, length: -1 }), "expected process.length to be a finite number above 0, got -1"],
  [
    () => gaussianTrialFactors({ times, length: 1, kernel: "rbf", alpha: 2 }),
    'with the kernel "rationalQuadratic" only',
  ],
  [
    () => gaussianTrialFactors({ times, length: 1, kernel: "gauss" as never }),
    'process.kernel to be "rationalQuadratic"',
  ],
  [() => gaussianTrialFactors({ times, length: 1 }, { epochs: [1] }), "expected 7 epochs, one per trial, got 1"],
  [() => gaussianTrialFactors({ times, length: 1 }, { constants: "perEpoch" }), 'epochs with constants: "perEpoch"'],
  [
    () => gaussianTrialFactors({ times, length: 1 }, { basis: 1 }),
    "expected basis to be a finite number above 0 and below 1",
  ],
  [() => gaussianTrialFactors(trialCovariance(times, { length: 1 }), { epochs }), 'with constants: "perEpoch" only'],
  [() => gaussianTrialFactors({ length: 1 } as never), "expected process.times to be an array of numbers"],
  [() => gaussianTrialFactors({ times: [], length: 1 }), "expected process.times of 1 to 16384 trials, got 0"],
  [
    () => gaussianTrialFactors({ times, length: 1 }).predict({ z: zeros([7, 1]), m: zeros([1]) }, [1], [1]),
    "no epochs for new trials",
  ],
  [
    () => gaussianTrialFactors({ times, length: 1 }, { epochs }).predict({ z: zeros([7, 1]), m: zeros([1]) }, [1]),
    "expected the epoch of each new trial, one of 3",
  ],
  [() => randomWalkTrialFactors([1]), "expected at least two trials of one epoch at different times"],
  [() => randomWalkTrialFactors([1, 2], { epochs: [0, 1] }), "got 2 trials, none later than another of its epoch"],
  [() => randomWalkTrialFactors([1, 2], { sigma: 0 }), "expected sigma to be a finite number above 0"],
  [() => randomWalkTrialFactors([1, 2])({ z: zeros([2, 1]), m: zeros([1]) }), "expected z (1 steps × rank)"],
  [() => freeTrialFactors(0), "freeTrialFactors: expected trials to be a whole number from 1"],
  [() => freeTrialFactors(2)({ c: zeros([3, 1]) }), "expected c (2 trials × rank), got (3 × 1)"],
  [() => fixedTrialFactors(2)({ m: zeros([3, 1]) as never }), "expected m to have 1 mode"],
  [() => piecewiseConstantTrialFactors([]), "expected blocks of at least one trial"],
  [() => piecewiseConstantTrialFactors([1, 2])({ levels: zeros([3, 1]) }), "expected levels (2 blocks × rank)"],
  [() => trialFactorsFrom({ kind: "freeFactors" }), "got the kind"],
  [() => trialFactorsFrom({ kind: "freeTrialFactors", trials: -1 }), "trialFactorsFrom: expected trials"],
  [() => trialFactorsFrom(null as never), "got null"],
])("wrong calls name the place and the fix: %s", (call, words) => expect(message(call)).toContain(words));
