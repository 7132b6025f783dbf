import { expect, test } from "vitest";
import { LtrnnError } from "../../src/base";
import { observedMask } from "../../src/masks";
import { bitsPerSpike, correlationParts, explained, fewShotCoSmoothing, psthR2, scorecard } from "../../src/scores";
import { zeros, type Tensor3 } from "../../src/tensor";
import { draw } from "../support/sweep";

const shape = [12, 8, 5] as const,
  size = 12 * 8 * 5,
  conditions = Array.from({ length: 12 }, (_, k) => k % 3);
const where = (keep: (k: number, t: number, n: number) => boolean): Tensor3 => ({
  shape,
  data: Float64Array.from({ length: size }, (_, i) => (keep(Math.floor(i / 40), Math.floor(i / 5) % 8, i % 5) ? 1 : 0)),
});
const d = draw(4),
  rates = { shape, data: d.normal(shape).data.map((z) => Math.exp(z)) } as Tensor3,
  counts = { shape, data: rates.data.map((rate) => Math.floor(rate + d.int(0, 999) / 1000)) } as Tensor3;

test("the parts of a correlation add up to it, which is Pearson's", () => {
  const [x, y] = [d.normal(shape), d.normal(shape)];
  y.data.forEach((value, i) => {
    y.data[i] = value + x.data[i] + 3 * conditions[Math.floor(i / 40)];
  });
  const over = where((k, t, n) => (k + t + n) % 4 !== 0);
  correlationParts(x, y, { over, conditions }).neurons.forEach((parts, neuron) => {
    const at = [...over.data.keys()].filter((i) => i % 5 === neuron && over.data[i] === 1),
      mean = (values: Float64Array) => at.reduce((sum, i) => sum + values[i], 0) / at.length,
      [mx, my] = [mean(x.data), mean(y.data)],
      sum = (f: (i: number) => number) => at.reduce((total, i) => total + f(i), 0);
    const pearson =
      sum((i) => (x.data[i] - mx) * (y.data[i] - my)) /
      Math.sqrt(sum((i) => (x.data[i] - mx) ** 2) * sum((i) => (y.data[i] - my) ** 2));
    expect(parts.total).toBeCloseTo(pearson, 12);
    expect((parts.signal ?? NaN) + (parts.noise ?? NaN)).toBeCloseTo(pearson, 12);
  });
});

test("a prediction of condition means has signal alone, one of what trials deviate by has noise alone", () => {
  const deviation = d.normal(shape);
  const mean = (k: number, t: number, n: number) => Math.sin(t + 2 * (k % 3) + n);
  const signal = zeros(shape) as Tensor3;
  signal.data.forEach((_, i) => {
    signal.data[i] = mean(Math.floor(i / 40), Math.floor(i / 5) % 8, i % 5);
  });
  const activity = { shape, data: signal.data.map((x, i) => x + deviation.data[i]) } as Tensor3;
  for (const parts of correlationParts(activity, signal, { conditions }).neurons) {
    expect(parts.noise).toBeCloseTo(0, 12);
    expect(parts.noiseCorrelation).toBeNull();
    expect(parts.signalCorrelation).toBeGreaterThan(0.5);
  }
});

test("a scorecard is each score on its own, over folds, and knows held-out neurons and bins to come", () => {
  const behavior = {
      shape: [12, 8, 2],
      data: Float64Array.from({ length: 192 }, (_, i) => rates.data[Math.floor(i / 2) * 5 + (i % 2)]),
    } as Tensor3,
    folds = [0, 1, 2].map((fold) => {
      const held = where((k, t, n) => k % 4 === fold && (t >= 6 || n === fold));
      return { prediction: rates, train: where((k, t, n) => !(k % 4 === fold && (t >= 6 || n === fold))), over: held };
    }),
    card = scorecard(folds, { activity: counts, conditions, counts: true, behavior });
  folds.forEach(({ over, train }, fold) => {
    expect(card.variance.folds[fold]).toBe(explained(counts, rates, { train, over }).total);
    expect(card.deviance.folds[fold]).toBe(explained(counts, rates, { train, over, deviance: "poisson" }).total);
    expect(card.bitsPerSpike.folds[fold]).toBe(bitsPerSpike(counts, rates, { over }).total);
    const neurons = where((k, t, n) => k % 4 === fold && t < 6 && n === fold),
      future = where((k, t) => k % 4 === fold && t >= 6);
    expect(card.coSmoothing.folds[fold]).toBe(bitsPerSpike(counts, rates, { over: neurons }).total);
    expect(card.forward.folds[fold]).toBe(bitsPerSpike(counts, rates, { over: future }).total);
  });
  const values = card.variance.folds.map((value) => value ?? NaN),
    mean = values.reduce((a, b) => a + b) / 3;
  expect(card.variance.mean).toBeCloseTo(mean, 14);
  expect(card.variance.error).toBeCloseTo(
    Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 2 / 3),
    14,
  );
  expect(card.decodingR2.mean).toBeGreaterThan(0.999); // behavior is two of the rates
  expect([card.neurons.length, card.trials.length, card.conditions.length]).toEqual([5, 12, 3]);
  expect(card.trials[3]).toEqual({ mean: null, error: null }); // never held out
});

test("a scorecard's PSTHs are those of psthR2 where all entries are scored", () => {
  const all = observedMask(counts),
    psth = zeros([3, 8, 5]) as Tensor3;
  counts.data.forEach((x, i) => {
    psth.data[conditions[Math.floor(i / 40)] * 40 + (i % 40)] += x / 4;
  });
  const card = scorecard({ prediction: rates, train: all, over: all }, { activity: counts, conditions });
  expect(card.psthR2.mean).toBeCloseTo(psthR2(psth, rates, { rows: conditions }), 12);
  expect([card.deviance.mean, card.bitsPerSpike.mean, card.decodingR2.mean, card.variance.error]).toEqual([
    null,
    null,
    null,
    null,
  ]);
});

test("latents that drive a neuron need few shots, latents beside many that do not need more", () => {
  const extra = d.normal([12, 8, 12]),
    drive = { shape: [12, 8, 1], data: d.normal([12, 8, 1]).data } as Tensor3,
    wide = zeros([12, 8, 13]) as Tensor3;
  const driven = {
    shape: [12, 8, 1],
    data: drive.data.map((z) => Math.floor(Math.exp(0.9 * z + 0.3) + d.int(0, 999) / 1000)),
  } as Tensor3;
  drive.data.forEach((z, i) => {
    wide.data[i * 13] = z;
    wide.data.set(extra.data.subarray(i * 12, i * 12 + 12), i * 13 + 1);
  });
  const score = (latents: Tensor3) =>
    fewShotCoSmoothing({ latents, counts: driven }, { latents, counts: driven }, { shots: 2, draws: 12 }).mean ?? NaN;
  expect(score(drive)).toBeGreaterThan(score(wide) + 0.05);
});

test("wrong calls are refused in the name of the function", () => {
  const all = observedMask(counts);
  const refused = (name: string, call: () => unknown) => {
    expect(call).toThrow(LtrnnError);
    expect(call).toThrow(new RegExp(`^${name}: expected`));
  };
  refused("bitsPerSpike", () => bitsPerSpike({ ...counts, data: counts.data.map((x) => -x) }, rates));
  refused("psthR2", () => psthR2(counts, rates, { rows: Array.from({ length: 12 }, () => 12) }));
  refused("scorecard", () => scorecard([], { activity: counts }));
  refused("scorecard", () =>
    scorecard({ prediction: rates, train: all, over: all }, { activity: counts, conditions: [1] }),
  );
});
