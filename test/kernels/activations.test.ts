import { expect, test } from "vitest";
import { activationOf, activations } from "../../src/kernels";
import { sweep } from "../support/sweep";

// Laws that hold for every activation: a new one is in them by its entry in the table.

test.each(activations)("%s: the derivative from the rate passes finite differences", (name) =>
  sweep((draw) => {
    const { value, pull } = activationOf(name),
      x = draw.normal([1], 2).data[0],
      h = 1e-6;
    if (Math.abs(x) < 1e-3) return; // a kink
    const slope = (value(x + h) - value(x - h)) / (2 * h);
    expect(Math.abs(pull(3, value(x)) - 3 * slope)).toBeLessThan(1e-8);
  }, 100),
);

test.each(activations)("%s: range, inverse, parity and homogeneity are what it says", (name) =>
  sweep((draw) => {
    const { value, range, inverse, odd, homogeneous } = activationOf(name),
      x = draw.normal([1], 1.5).data[0],
      rate = value(x);
    expect(rate >= range[0] && rate <= range[1]).toBe(true);
    if (Math.abs(rate) < 0.99 && rate > 0.01) expect(Math.abs(value(inverse(rate)) - rate)).toBeLessThan(1e-13);
    for (const beyond of [-1e3, 1e3]) expect(Number.isFinite(value(inverse(beyond)))).toBe(true);
    if (odd) expect(value(-x)).toBe(-rate);
    else expect(value(-2)).not.toBeCloseTo(-value(2), 3);
    if (homogeneous) expect(value(4 * x)).toBe(4 * rate);
    else expect(value(40)).not.toBeCloseTo(10 * value(4), 3);
    expect(value(NaN)).toBeNaN();
  }, 100),
);
