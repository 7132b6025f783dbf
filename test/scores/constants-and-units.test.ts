import { expect, test } from "vitest";
import { correlationParts, decodingR2, explained, psthR2, scorecard, varianceExplained } from "../../src/scores";
import { tensor, type Tensor3 } from "../../src/tensor";
import { draw } from "../support/sweep";

const shape = [9, 7, 2] as const,
  size = 9 * 7 * 2;
const of = (entry: (i: number) => number): Tensor3 =>
  tensor(
    shape,
    Array.from({ length: size }, (_, i) => entry(i)),
  );
const times = ({ shape: s, data }: Tensor3, by: number): Tensor3 => ({ shape: s, data: data.map((v) => v * by) });
const { data: noise } = draw(3).normal(shape),
  x = of((i) => noise[i] + (i % 3)),
  prediction = of((i) => noise[(i * 5) % size] / 3 + (i % 3)),
  train = of((i) => (i % 4 === 0 ? 0 : 1)),
  over = of((i) => (i % 4 === 0 ? 1 : 0)),
  conditions = [0, 1, 0, 1, 1, 0, 0, 1, 0];
// sums of tenths are not exact: a mean that is taken carelessly differs from them
const tenths = of(() => 0.1),
  nothing = { total: null, signal: null, noise: null, signalCorrelation: null, noiseCorrelation: null };

test("what is constant has no correlation, and what repeats over trials no noise correlation", () => {
  expect(correlationParts(tenths, tenths, { conditions }).neurons).toEqual([nothing, nothing]);
  expect(correlationParts(x, tenths, { over }).neurons).toEqual([nothing, nothing]);
  const mean = of((i) => 0.1 * (1 + Math.floor((i % 14) / 2))); // of a condition: the same in each of nine trials
  for (const { total, noise: left, noiseCorrelation } of correlationParts(x, mean).neurons) {
    expect(Math.abs(total!)).toBeLessThanOrEqual(1);
    expect(Math.abs(left!)).toBeLessThan(1e-12);
    expect(noiseCorrelation).toBeNull();
  }
});

test("R² of what is flat is 1 where it is met exactly, else 0", () => {
  const psth: Tensor3 = tensor([1, 7, 2], new Array(14).fill(0.1)),
    rows = new Array(9).fill(0);
  expect(psthR2(psth, tenths, { rows })).toBe(1);
  expect(psthR2(psth, times(tenths, 3), { rows })).toBe(0);
  expect(decodingR2({ rates: x, behavior: tenths }, { rates: x, behavior: tenths }).r2).toBe(1);
  // a constant neuron is left out of a scorecard's, however many trials of a condition are scored
  const half = of((i) => (i % 2 === 0 ? x.data[i] : 0.1)),
    card = scorecard({ prediction: times(half, 1.1), train, over }, { activity: half, conditions }),
    alone = scorecard({ prediction: times(x, 1.1), train, over }, { activity: x, conditions });
  expect(card.psthR2.mean).toBeGreaterThan(0.9);
  expect(alone.psthR2.mean).toBeGreaterThan(0.9);
});

test("scores are the same in every unit", () => {
  const scoresIn = (unit: number) => {
    const [a, b] = [times(x, unit), times(prediction, unit)],
      all = explained(a, b, { train, over, conditions });
    return [
      varianceExplained(a, b, { train, over }),
      ...[all.total, ...all.neurons, ...all.trials, ...all.conditions].map((share) => share!),
      ...correlationParts(a, b, { conditions }).neurons.flatMap((parts) => Object.values(parts) as number[]),
      psthR2(times(tensor([9, 7, 2], x.data), unit), b, { rows: [0, 1, 2, 3, 4, 5, 6, 7, 8] }),
    ];
  };
  const scores = scoresIn(1);
  for (const unit of [1e-200, 1e-170, 1e-9, 1e9, 1e170, 1e200])
    scoresIn(unit).forEach((score, i) => expect(Math.abs(score - scores[i]), `${unit}, ${i}`).toBeLessThan(1e-9));
  // a prediction in another unit than the activity is far off, not unscored
  expect(explained(x, times(prediction, 1e150), { train, over }).total).toBeLessThan(-1e290);
  expect(explained(times(x, 1e150), prediction, { train, over }).total).toBeLessThan(1);
});
