import { expect, test } from "vitest";
import { compareHypotheses, hypotheses, plantChanges, winnerOf } from "../../bench/planted-changes";
import { fitLowTensorRank } from "../../src/fit";
import { fixedTrialFactors } from "../../src/parts";

test.each(hypotheses)(
  "three calls tell what changes over trials: %s",
  async (changes) => {
    const sizes = { trials: 60, bins: 12, units: 12, conditions: 4, rank: 2 },
      scores = await compareHypotheses(sizes, changes, 2);
    expect(winnerOf(scores), JSON.stringify(scores)).toBe(changes);
    expect(scores[changes]).toBeGreaterThan(0.97);
  },
  60_000,
);

test("the factors of inputs that change are found again, each by itself, up to sign and scale", async () => {
  const { activity, conditions, factors } = plantChanges(
    { trials: 60, bins: 12, units: 12, conditions: 4, rank: 2 },
    "inputs",
    1,
  );
  const fit = await fitLowTensorRank(activity, 2, {
    inputs: { count: 2, changing: 2, smoothness: 4, trialKernel: { length: 10 } },
    conditions,
    epochs: conditions.map((_, k) => 2 * k < 60),
    decoder: "identity",
    network: { tau: 3, trialKernel: fixedTrialFactors(60) },
  });
  const { d } = fit.changingInputs!,
    found = [0, 1].map((r) => conditions.map((_, k) => d.data[2 * k + r]));
  for (const factor of factors)
    expect(Math.max(...found.map((one) => Math.abs(correlation(one, factor))))).toBeGreaterThan(0.999);
});

function correlation(x: readonly number[], y: readonly number[]): number {
  const centered = (values: readonly number[]) => {
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    return values.map((value) => value - mean);
  };
  const [a, b] = [centered(x), centered(y)],
    product = (p: readonly number[], q: readonly number[]) => p.reduce((sum, value, i) => sum + value * q[i], 0);
  return product(a, b) / Math.sqrt(product(a, a) * product(b, b));
}
