import { expect, test } from "vitest";
import { explained, varianceExplained } from "../../src/scores";
import { zeros, type Tensor3 } from "../../src/tensor";
import { sweep } from "../support/sweep";

const shape = [5, 4, 3] as const;
const ones = (): Tensor3 => ({ shape, data: new Float64Array(60).fill(1) });

test("in all it is varianceExplained, and parts weighed by their variance make the whole", () =>
  sweep((d) => {
    const x = d.normal(shape, 2),
      y = d.normal(shape),
      train = ones(),
      over = zeros(shape);
    over.data.forEach((_, i) => (over.data[i] = d.int(0, 2) > 0 || i < 3 ? 1 : 0));
    const conditions = ["p", "q", "p", "q", "q"],
      found = explained(x, y, { train, over, conditions });
    expect(found.total).toBeCloseTo(varianceExplained(x, y, { train, over }), 12);
    expect(found.conditionLabels).toEqual(["p", "q"]);
    const means = [0, 1, 2].map((n) => x.data.filter((_, i) => i % 3 === n).reduce((s, v) => s + v, 0) / 20);
    const groups = {
      neurons: (i: number) => i % 3,
      trials: (i: number) => Math.floor(i / 12),
      conditions: (i: number) => (conditions[Math.floor(i / 12)] === "p" ? 0 : 1),
    };
    for (const [name, group] of Object.entries(groups)) {
      const shares = found[name as keyof typeof groups];
      shares.forEach((share, g) => {
        let [left, whole] = [0, 0];
        x.data.forEach((value, i) => {
          if (over.data[i] === 0 || group(i) !== g) return;
          left += (value - y.data[i]) ** 2;
          whole += (value - means[i % 3]) ** 2;
        });
        if (whole === 0) expect(share).toBeNull();
        else expect(share).toBeCloseTo(1 - left / whole, 10);
      });
    }
  }, 10));

test("a Poisson deviance is that of its definition, also at counts of 0", () =>
  sweep((d) => {
    const counts: Tensor3 = { shape, data: d.normal(shape).data.map((z) => Math.floor(2 * Math.abs(z))) },
      rates: Tensor3 = { shape, data: d.normal(shape).data.map((z) => 0.1 + Math.abs(z)) },
      all = ones(),
      { total } = explained(counts, rates, { train: all, over: all, deviance: "poisson" });
    const means = [0, 1, 2].map((n) => counts.data.filter((_, i) => i % 3 === n).reduce((s, v) => s + v, 0) / 20),
      term = (x: number, m: number) => 2 * ((x > 0 ? x * Math.log(x / m) : 0) - x + m);
    let [left, whole] = [0, 0];
    counts.data.forEach((x, i) => {
      left += term(x, rates.data[i]);
      whole += term(x, means[i % 3]);
    });
    expect(total).toBeCloseTo(1 - left / whole, 10);
    expect(explained(counts, counts, { train: all, over: all, deviance: "poisson" }).total).toBeCloseTo(1, 12);
  }, 10));

test("constant neurons and trials that are not scored are null, never NaN", () => {
  const x: Tensor3 = { shape, data: Float64Array.from({ length: 60 }, (_, i) => (i % 3 === 1 ? 7 : i)) },
    over = ones();
  over.data.fill(0, 12, 24);
  const found = explained(x, x, { train: ones(), over });
  expect(found.neurons).toEqual([1, null, 1]);
  expect(found.trials[1]).toBeNull();
  expect(found.total).toBe(1);
});

test("wrong calls are refused with their place", () => {
  const x = zeros(shape),
    all = ones();
  expect(() => explained(x, zeros([5, 4, 2]), { train: all, over: all })).toThrow(
    "explained: expected prediction of shape",
  );
  expect(() =>
    explained({ ...x, data: x.data.map(() => -1) }, x, { train: all, over: all, deviance: "poisson" }),
  ).toThrow("explained: expected activity of at least 0, for a Poisson deviance, got -1 at entry 0");
  expect(() => explained(x, x, { train: all, over: all, conditions: ["p"] })).toThrow("expected 5 conditions");
  expect(() => explained(x, { ...x, data: x.data.map(() => NaN) }, { train: all, over: all })).toThrow("prediction");
});
