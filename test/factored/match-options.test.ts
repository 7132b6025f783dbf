import { expect, test } from "vitest";
import { factorMatchScore, type Cp } from "../../src/factored";
import { tensor } from "../../src/tensor";
import { draw, sweep } from "../support/sweep";

const scaled = (cp: Cp, by: readonly number[]): Cp => ({
  ...cp,
  weights: tensor(
    [by.length],
    cp.weights.data.map((weight, r) => weight * by[r]),
  ),
});

test("with weights, each congruence is lowered by how much the norms of two components differ", () =>
  sweep(({ normal, uniform }) => {
    const a: Cp = { weights: tensor([3], [1, -2, 3]), factors: [normal([5, 3]), normal([6, 3]), normal([4, 3])] },
      by = [1 + uniform(), 1 / (1 + uniform()), 1],
      shares = by.map((factor) => 1 - Math.abs(1 - factor) / Math.max(1, factor)); // as tlviz defines it
    const mean = shares.reduce((sum, share) => sum + share, 0) / 3;
    expect(Math.abs(factorMatchScore(a, scaled(a, by), { weights: true }) - mean)).toBeLessThan(1e-12); // rounding
    expect(Math.abs(factorMatchScore(a, scaled(a, by)) - 1)).toBeLessThan(1e-12);
  }));

test(
  "with signs, a component against its negative has the congruence " + "-1, whichever mode or weight has the sign",
  () => {
    const { normal } = draw(2),
      a: Cp = { weights: tensor([1], [2]), factors: [normal([5, 1]), normal([6, 1])] },
      [f, g] = a.factors,
      minus = (x: typeof f) => ({ shape: x.shape, data: x.data.map((value) => -value) });
    expect(factorMatchScore(a, scaled(a, [-3]), { signed: true })).toBeCloseTo(-1, 12);
    expect(factorMatchScore(a, { ...a, factors: [minus(f), minus(g)] }, { signed: true })).toBeCloseTo(1, 12);
    expect(factorMatchScore(a, { ...a, factors: [minus(f), g] }, { signed: true })).toBeCloseTo(-1, 12);
    expect(factorMatchScore(a, { ...a, factors: [minus(f), g] })).toBeCloseTo(1, 12);
  },
);

test("an empty list of modes is refused", () => {
  const one: Cp = { weights: tensor([1], [1]), factors: [tensor([2, 1], [1, 2])] };
  expect(() => factorMatchScore(one, one, { modes: [] })).toThrow(
    "factorMatchScore: expected at least one mode, got none",
  );
});
