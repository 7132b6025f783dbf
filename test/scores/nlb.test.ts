import { expect, test } from "vitest";
import { random } from "../../src/base";
import type { Labels } from "../../src/masks";
import { bitsPerSpike, decodingR2, fewShotCoSmoothing, psthR2 } from "../../src/scores";
import { slice, tensor, type Tensor3 } from "../../src/tensor";
import { oracle } from "../support/oracle";

const known = oracle("scores");
const withMissing = ({ shape, values }: { shape: [number, number, number]; values: (number | null)[] }) =>
  tensor(
    shape,
    values.map((value) => value ?? Number.NaN),
  ) as Tensor3;
const firstTrials = (x: Tensor3, count: number) => slice(x, [[0, count]]),
  lastTrials = (x: Tensor3, from: number) => slice(x, [[from]]);

test("bits per spike are those of nlb_tools, zeros and missing counts included", () => {
  const missing = withMissing(known.missing),
    over = { shape: missing.shape, data: missing.data.map((x) => (Number.isNaN(x) ? 0 : 1)) } as Tensor3;
  expect(Math.abs((bitsPerSpike(known.counts, known.rates).total ?? NaN) - known.bits)).toBeLessThan(1e-10);
  expect(Math.abs((bitsPerSpike(missing, known.rates, { over }).total ?? NaN) - known.bitsMissing)).toBeLessThan(1e-10);
});

test("R² of PSTHs is that of nlb_tools: missing bins, conditions without trials, trials without condition", () =>
  expect(Math.abs(psthR2(withMissing(known.psth), known.rates, { rows: known.rows }) - known.psthR2)).toBeLessThan(
    1e-10,
  ));

test("decoded velocity is that of nlb_tools with scikit-learn: chosen penalties, one penalty, groups", () => {
  const velocity = withMissing(known.velocity),
    parity = (from: number, to: number) =>
      Array.from({ length: to - from }, (_, i) => ((from + i) % 2 ? "odd" : "even")),
    train = { rates: firstTrials(known.rates, 9), behavior: firstTrials(velocity, 9) },
    test = { rates: lastTrials(known.rates, 9), behavior: lastTrials(velocity, 9) };
  expect(Math.abs(decodingR2(train, test).r2 - known.decoding)).toBeLessThan(1e-10);
  expect(Math.abs(decodingR2(train, test, { strengths: [0.01] }).r2 - known.decodingFixed)).toBeLessThan(1e-10);
  const grouped = decodingR2({ ...train, groups: parity(0, 9) }, { ...test, groups: parity(9, 14) });
  expect(Math.abs(grouped.r2 - known.decodingGroups)).toBeLessThan(1e-10);
  expect(grouped.groups.map(({ label }) => label)).toEqual(["even", "odd"]);
});

test("few-shot co-smoothing with all trials as shots is scikit-learn's Poisson regression", () => {
  const pair = (take: (x: Tensor3) => Tensor3) => ({ latents: take(known.latent), counts: take(known.counts) });
  const { mean, error, unsettled } = fewShotCoSmoothing(
    pair((x) => firstTrials(x, 8)),
    pair((x) => lastTrials(x, 8)),
    { shots: 8, draws: 2, ridge: 1e-2 },
  );
  expect(Math.abs((mean ?? NaN) - known.fewShot)).toBeLessThan(1e-10);
  expect(unsettled).toBe(0);
  expect(error).toBeLessThan(1e-12); // the same trials in another order
});

test("groups of decoding are labels, as conditions are", () => {
  const draw = random(3, "groups of decoding").normal,
    rates = tensor([20, 1, 3], Array.from({ length: 60 }, draw)),
    behavior = tensor([20, 1, 2], Array.from({ length: 40 }, draw));
  const scored = (groups: Labels) => decodingR2({ rates, behavior, groups }, { rates, behavior, groups }).groups.length;
  expect(scored(Array.from({ length: 20 }, (_, i) => (i % 2 ? "a" : 0)))).toBe(2);
  for (const odd of [undefined, null, {}, Number.NaN, ["a"]])
    expect(() => scored(Array.from({ length: 20 }, (_, i) => (i % 2 ? (odd as never) : 1)))).toThrow(
      "train.groups to be finite numbers, strings, booleans or BigInts",
    );
});
