import { expect, test } from "vitest";
import { conditionMean, smoothedConditionMean, trialPca } from "../../src/baselines";
import { holdOut, observedMask } from "../../src/masks";
import { varianceExplained } from "../../src/scores";
import { zeros, type Tensor3 } from "../../src/tensor";
import { close } from "../support/close";
import { draw } from "../support/sweep";

test("baselines predict what they were made for, and choose on the validation set", () => {
  const trials = 60,
    activity = zeros([trials, 6, 3]),
    conditions = Array.from({ length: trials }, (_, k) => k % 2),
    d = draw(1);
  activity.data.forEach((_, at) => {
    const k = Math.floor(at / 18),
      s = at % 18;
    activity.data[at] = Math.sin(s + 5 * conditions[k]) * (1 + k / 15) + 0.05 * d.normal([1]).data[0];
  });
  const split = holdOut(observedMask(activity), { half: [2, 1, Infinity], seed: 2 }),
    score = (prediction: Tensor3) => varianceExplained(activity, prediction, { train: split.train, over: split.test });
  const hidden: Tensor3 = {
    shape: activity.shape,
    data: activity.data.map((x, at) => (split.test.data[at] === 0 ? x : NaN)),
  };
  const options = { train: split.train, validation: split.validation, conditions };
  const plain = conditionMean(hidden, options),
    smooth = smoothedConditionMean(hidden, options),
    pca = trialPca(hidden, options);
  expect(score(plain.prediction)).toBeLessThan(0.9);
  expect(score(smooth.prediction)).toBeGreaterThan(0.95); // learning is smooth
  expect(score(pca.prediction)).toBeGreaterThan(0.95); // and of rank one per condition
  expect(smooth.chosen).toBeLessThan(30);
  expect(score(conditionMean(hidden, { train: split.train }).prediction)).toBeLessThan(score(plain.prediction));
});

const times = ({ shape, data }: Tensor3, k: number): Tensor3 => ({ shape, data: data.map((x) => k * x) });

test("labels are taken as numbers, texts, booleans and typed arrays, with one result", () => {
  const d = draw(2),
    x = d.normal([12, 10, 4]),
    train = observedMask(x);
  const want = conditionMean(x, { train, conditions: Array.from({ length: 12 }, (_, k) => k % 2) }).prediction;
  for (const conditions of [
    Float64Array.from({ length: 12 }, (_, k) => k % 2),
    Uint8Array.from({ length: 12 }, (_, k) => k % 2),
    BigInt64Array.from({ length: 12 }, (_, k) => BigInt(k % 2)),
    Array.from({ length: 12 }, (_, k) => (k % 2 === 0 ? "left" : "right")),
    Array.from({ length: 12 }, (_, k) => k % 2 === 1),
  ])
    expect(conditionMean(x, { train, conditions }).prediction).toEqual(want);
});

test("baselines do not depend on the unit", () => {
  const x = draw(3).normal([20, 6, 3]),
    { train, validation } = holdOut(observedMask(x), { half: [1, 1, 0], seed: 1 });
  for (const k of [2 ** -560, 2 ** 500, 2 ** 1000]) {
    const scaled = times(x, k);
    close(conditionMean(scaled, { train }).prediction, times(conditionMean(x, { train }).prediction, k), 1e-12);
    const [pca, pcaOfScaled] = [x, scaled].map((data) => trialPca(data, { train, validation, ranks: [2] }));
    close(pcaOfScaled.prediction, times(pca.prediction, k), 1e-6);
  }
});

/** Planted components with noise, a share of the entries in boxes held out. */
function planted(seed: number, share: number) {
  const d = draw(seed),
    [trials, time, neurons, rank] = [60, 8, 5, 3];
  const scores = d.normal([trials, rank]),
    loadings = d.normal([rank, time * neurons]),
    activity = zeros([trials, time, neurons]);
  activity.data.forEach((_, index) => {
    const k = Math.floor(index / (time * neurons)),
      column = index % (time * neurons);
    let sum = 0.3 * d.normal([1]).data[0];
    for (let r = 0; r < rank; r++) sum += scores.data[k * rank + r] * loadings.data[r * time * neurons + column];
    activity.data[index] = sum;
  });
  return { activity, ...holdOut(observedMask(activity), { half: [1, 1, 1], seed, test: share, validation: share }) };
}

/** Imputation with an exact decomposition in every pass, by Jacobi rotations, until nothing moves: the reference. */
function convergedPca(activity: Tensor3, train: Tensor3, rank: number): Tensor3 {
  const [trials, time, neurons] = activity.shape,
    columns = time * neurons,
    mean = conditionMean(activity, { train }).prediction;
  const x = activity.data.map((value, index) => (train.data[index] === 0 ? 0 : value - mean.data[index]));
  let model = new Float64Array(x.length);
  for (let pass = 0; pass < 5000; pass++) {
    const basis = leadingDirections(x, trials, columns, rank),
      next = new Float64Array(x.length);
    for (let k = 0; k < trials; k++)
      for (const v of basis) {
        let score = 0;
        for (let j = 0; j < columns; j++) score += x[k * columns + j] * v[j];
        for (let j = 0; j < columns; j++) next[k * columns + j] += score * v[j];
      }
    const moved = Math.max(...next.map((value, index) => Math.abs(value - model[index])));
    model = next;
    if (moved < 1e-10) break;
    train.data.forEach((m, index) => {
      if (m === 0) x[index] = model[index];
    });
  }
  return { shape: activity.shape, data: model.map((value, index) => value + mean.data[index]) };
}

/** Leading eigenvectors of x' x by power iterations with deflation. */
function leadingDirections(x: Float64Array, rows: number, columns: number, count: number): Float64Array[] {
  const found: Float64Array[] = [];
  for (let r = 0; r < count; r++) {
    let v = new Float64Array(columns).map((_, j) => Math.sin(j * (r + 1) + 1));
    for (let iteration = 0; iteration < 300; iteration++) {
      const w = new Float64Array(columns);
      for (let k = 0; k < rows; k++) {
        let sum = 0;
        for (let j = 0; j < columns; j++) sum += x[k * columns + j] * v[j];
        for (let j = 0; j < columns; j++) w[j] += sum * x[k * columns + j];
      }
      for (const before of found) {
        let along = 0;
        for (let j = 0; j < columns; j++) along += w[j] * before[j];
        for (let j = 0; j < columns; j++) w[j] -= along * before[j];
      }
      const length = Math.sqrt(w.reduce((sum, value) => sum + value * value, 0));
      const next = w.map((value) => value / length);
      const moved = Math.max(...next.map((value, j) => Math.abs(value - v[j])));
      v = next;
      if (moved < 1e-13) break;
    }
    found.push(v);
  }
  return found;
}

test.each([0.1, 0.22])(
  "PCA of trials explains as much as converged imputation, %d held out for each set",
  (share) => {
    const { activity, train, validation, test } = planted(1, share);
    const score = (prediction: Tensor3, over: Tensor3) => varianceExplained(activity, prediction, { train, over });
    const reference = convergedPca(activity, train, 3),
      pca = trialPca(activity, { train, validation, ranks: [3] });
    expect(pca.status).toBe("converged");
    expect(score(pca.prediction, validation)).toBeGreaterThan(score(reference, validation) - 1e-4);
    expect(score(pca.prediction, test)).toBeGreaterThan(score(reference, test) - 2e-3);
  },
  60_000,
);

test("the number of components is found again, and passes that run out are said", () => {
  const { activity, train, validation } = planted(2, 0.1);
  expect(trialPca(activity, { train, validation }).chosen).toBe(3);
  const short = trialPca(activity, { train, validation, ranks: [3], passes: 5 });
  expect(short.status).toBe("exhausted");
  expect(() => trialPca(activity, { train, validation, ranks: [99] })).toThrow(
    "trialPca: expected numbers of components from 1 to 40, got 99 at position 0",
  );
});

test("masks that overlap, or of other numbers than 0 and 1, and NaN that is read are refused", () => {
  const x = draw(4).normal([6, 4, 2]),
    all = observedMask(x),
    bad: Tensor3 = { shape: x.shape, data: x.data.map((value, index) => (index === 9 ? Number.NaN : value)) };
  expect(() => smoothedConditionMean(x, { train: all, validation: all })).toThrow(
    "smoothedConditionMean: expected a validation mask disjoint from the train mask, got 1 in both at index [0, 0, 0]",
  );
  expect(() => conditionMean(x, { train: times(all, 0.5) })).toThrow("got 0.5 at index [0, 0, 0]");
  expect(() => conditionMean(bad, { train: all })).toThrow(
    "conditionMean: expected finite entries in activity, got NaN at index [1, 0, 1]",
  );
  expect(() => conditionMean(x, { train: all, condition: [1] } as never)).toThrow("Did you mean conditions?");
  expect(() => smoothedConditionMean(x, { train: all } as never)).toThrow("expected validation to be given");
});
