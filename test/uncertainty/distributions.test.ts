import { expect, test } from "vitest";
import { random } from "../../src/base";
import { countDistribution } from "../../src/uncertainty/count-distribution";
import { normalPlace, normalQuantile } from "../../src/uncertainty/normal-distribution";
import { scoreScale } from "../../src/uncertainty/residual-scores";
import { percentilesOf } from "../../src/uncertainty/percentiles";
import { tensor } from "../../src/tensor";
import oracle from "../oracles/distributions.json" with { type: "json" };

test("places and quantiles of normal numbers are scipy's", () => {
  oracle.z.forEach((z, i) => expect(Math.abs(normalPlace(z) - oracle.places[i])).toBeLessThan(1e-15));
  const z = oracle.quantiles;
  oracle.p.forEach((p, i) =>
    // what 1e-15 of the place is worth in z
    expect(Math.abs(normalQuantile(p) - z[i])).toBeLessThan(1e-15 / (0.3989 * Math.exp((-z[i] * z[i]) / 2))),
  );
});

test.each(oracle.counts)("counts of mean $mean, dispersion $dispersion, have scipy's places and quantiles", (row) => {
  const law = countDistribution(row.mean, row.dispersion);
  row.at.forEach((n, i) => {
    expect(Math.abs(law.place(n, 0) - row.below[i])).toBeLessThan(1e-12);
    expect(Math.abs(law.place(n, 1) - row.upTo[i])).toBeLessThan(1e-12);
  });
  expect(oracle.shares.map(law.quantile)).toEqual(row.quantiles);
});

test("a count that moves to its own distribution stays what it was; scores of Poisson counts are normal", () => {
  const scale = scoreScale({ kind: "poisson" }),
    stream = random(3, "counts");
  let [sum, squares] = [0, 0];
  for (let i = 0; i < 4000; i++) {
    const mean = 0.2 + 5 * stream.uniform(),
      count = countDistribution(mean).quantile(stream.uniform()),
      score = scale.score(count, mean, stream, 0);
    expect(scale.entry(score, mean, 0)).toBe(count);
    sum += score / 4000;
    squares += (score * score) / 4000;
  }
  expect(Math.abs(sum)).toBeLessThan(0.06); // four standard errors
  expect(Math.abs(squares - 1)).toBeLessThan(0.09);
});

test("percentiles about the mean of the samples interpolate between order statistics, as numpy's do by weibull", () => {
  const samples = [3, 1, 4, 1.5, 9].map((x) => tensor([1], [x])),
    { lower, upper, deviations } = percentilesOf(tensor([1], [2]), samples, 0.5);
  const shift = 2 - 3.7; // the estimate less the mean of the samples
  expect(lower.data[0]).toBeCloseTo(1.25 + shift, 14); // numpy.percentile(…, 25, method="weibull")
  expect(upper.data[0]).toBeCloseTo(6.5 + shift, 14);
  expect(deviations.data[0]).toBeCloseTo(3.193743884534262, 12); // numpy.std(…, ddof=1)
});
