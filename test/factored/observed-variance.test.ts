import { expect, test } from "vitest";
import { componentVariance, cpToTensor, type Cp } from "../../src/factored";
import { tensor } from "../../src/tensor";
import { sweep } from "../support/sweep";

test("with a mask of ones it is that of the whole, and what is missing is never read", () =>
  sweep(({ normal, uniform }) => {
    const cp: Cp = { weights: tensor([2], [2, -1]), factors: [normal([4, 2]), normal([5, 2]), normal([3, 2])] },
      x = cpToTensor(cp),
      noise = normal(x.shape, 0.3);
    x.data.forEach((value, i) => {
      x.data[i] = value + noise.data[i];
    });
    const ones = { shape: x.shape, data: x.data.map(() => 1) },
      whole = componentVariance(x, cp),
      all = componentVariance(x, cp, ones);
    expect(Math.abs(all.total - whole.total)).toBeLessThan(1e-12); // another order of the same sums
    whole.alone.forEach((share, r) => expect(Math.abs(all.alone[r] - share)).toBeLessThan(1e-10));
    whole.lost.forEach((share, r) => expect(Math.abs(all.lost[r] - share)).toBeLessThan(1e-10));
    const mask = { shape: x.shape, data: x.data.map((_, i) => (i > 0 && uniform() < 0.4 ? 0 : 1)) },
      model = cpToTensor(cp),
      [size, left] = x.data.reduce(
        ([a, b], value, i) => (mask.data[i] === 0 ? [a, b] : [a + value ** 2, b + (value - model.data[i]) ** 2]),
        [0, 0],
      );
    const hidden = { shape: x.shape, data: x.data.map((value, i) => (mask.data[i] === 0 ? NaN : value)) };
    expect(Math.abs(componentVariance(hidden, cp, mask).total - (1 - left / size))).toBeLessThan(1e-10);
  }));
