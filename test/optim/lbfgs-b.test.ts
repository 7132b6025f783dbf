import { expect, test } from "vitest";
import { lbfgsB, projectedGradient, type BoundedState, type Bounds, type Evaluated } from "../../src/optim";
import type { Tensor } from "../../src/tensor";
import { oracle } from "../support/oracle";
import { draw } from "../support/sweep";

type Evaluate = (x: Float64Array) => Evaluated;

function minimum(evaluate: Evaluate, start: Float64Array, bounds: Bounds, steps = 2000): BoundedState[] {
  const states: BoundedState[] = [];
  for (const state of lbfgsB(evaluate, { x: start }, bounds)) {
    states.push(state);
    if (states.length > steps) break;
  }
  return states;
}

const free = (n: number): Bounds => ({
  lower: new Float64Array(n).fill(-Infinity),
  upper: new Float64Array(n).fill(Infinity),
});

/** Rosenbrock's function of n variables. */
const valley: Evaluate = (x) => {
  const gradient = new Float64Array(x.length);
  let loss = 0;
  for (let i = 0; i + 1 < x.length; i++) {
    const bend = x[i + 1] - x[i] * x[i],
      off = 1 - x[i];
    loss += 100 * bend * bend + off * off;
    gradient[i] -= 400 * bend * x[i] + 2 * off;
    gradient[i + 1] += 200 * bend;
  }
  return { loss, gradient };
};

const quadratic =
  (q: Tensor, b: Tensor): Evaluate =>
  (x) => {
    const n = x.length,
      gradient = b.data.map((value) => -value);
    let loss = 0;
    for (let i = 0; i < n; i++) {
      let row = 0;
      for (let j = 0; j < n; j++) row += q.data[i * n + j] * x[j];
      gradient[i] += row;
      loss += x[i] * (0.5 * row - b.data[i]);
    }
    return { loss, gradient };
  };

test.each(oracle("gcp").quadratics as Record<"q" | "b" | "lower" | "upper" | "x", Tensor>[])(
  "a quadratic form in a box has the minimum of scipy's L-BFGS-B, with the same variables at their bounds",
  ({ q, b, lower, upper, x }) => {
    const bounds = { lower: lower.data, upper: upper.data },
      end = minimum(quadratic(q, b), new Float64Array(x.data.length), bounds).at(-1) as BoundedState;
    expect(end.ending?.status).toBe("converged");
    // scipy's gradient is down to 1e-12, the least curvature 0.1; ours ends flat to rounding of the loss
    x.data.forEach((value, i) => expect(Math.abs(end.x[i] - value)).toBeLessThan(1e-6));
    x.data.forEach((value, i) => {
      if (value === lower.data[i] || value === upper.data[i]) expect(end.x[i]).toBe(value);
    });
  },
);

test("Rosenbrock's valley is followed to its end, at the evaluations that scipy's L-BFGS-B takes", () => {
  let calls = 0;
  const counted: Evaluate = (x) => {
    calls++;
    return valley(x);
  };
  for (const { loss, gradient } of lbfgsB(counted, { x: Float64Array.from([-1.2, 1, -1.2, 1, -1.2, 1]) }, free(6)))
    if (gradient.every((g) => Math.abs(g) <= 1e-9)) {
      expect(loss).toBeLessThan(1e-18);
      expect(calls).toBeLessThan(1.2 * 71); // scipy 1.10 takes 71 to that gradient
      return;
    }
  expect.unreachable();
});

test("every point is within the bounds, and no step raises the loss but by rounding", () => {
  const { uniform } = draw(4);
  for (let round = 0; round < 20; round++) {
    const n = 8,
      lower = Float64Array.from({ length: n }, () => -2 * uniform()),
      upper = lower.map((least) => least + 2 * uniform()),
      states = minimum(valley, new Float64Array(n), { lower, upper });
    states.forEach(({ x }) =>
      x.forEach((value, i) => {
        expect(value).toBeGreaterThanOrEqual(lower[i]);
        expect(value).toBeLessThanOrEqual(upper[i]);
      }),
    );
    states.slice(1).forEach(({ loss }, i) => expect(loss).toBeLessThanOrEqual(states[i].loss * (1 + 1e-14)));
    const end = states.at(-1) as BoundedState,
      slopes = projectedGradient(end, { lower, upper });
    expect(end.ending?.status).toBe("converged");
    slopes.forEach((slope) => expect(Math.abs(slope)).toBeLessThan(1e-4));
  }
});

test("a run resumes from any of its states to the bit", () => {
  const bounds = free(4),
    whole = minimum(valley, new Float64Array(4), bounds),
    { x, pairs, idle } = structuredClone(whole[5]),
    rest = [...lbfgsB(valley, { x, pairs, idle }, bounds)];
  expect(rest.map(({ loss }) => loss)).toEqual(whole.slice(5).map(({ loss }) => loss));
});

test("a loss that is nowhere finite is said, and one with a wrong gradient ends", () => {
  const bounds = free(2),
    nan: Evaluate = () => ({ loss: NaN, gradient: new Float64Array(2) }),
    wrong: Evaluate = (x) => ({ loss: x[0] * x[0], gradient: Float64Array.from([-2 * x[0] - 1, 0]) });
  expect(minimum(nan, new Float64Array(2), bounds).at(-1)?.ending?.status).toBe("diverged");
  expect(minimum(wrong, Float64Array.from([1, 1]), bounds).at(-1)?.ending?.status).toBe("exhausted");
});
