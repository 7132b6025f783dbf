import { describe, expect, test } from "vitest";
import { fromJson, toJson } from "../../src/data";
import { cpAls } from "../../src/decompose";
import { cpToTensor, factorMatchScore, type Cp } from "../../src/factored";
import {
  gcp,
  gcpGradient,
  gcpLoss,
  gcpSteps,
  type GcpLoss,
  type GcpLossDescription,
  type GcpOptions,
} from "../../src/gcp";
import { gcpProblem } from "../../src/gcp/gcp-problem";
import { random } from "../../src/base";
import { mttkrp, tensor, type Matrix, type Tensor } from "../../src/tensor";
import { oracle } from "../support/oracle";

const every: readonly GcpLossDescription[] = [
  { kind: "gaussian" },
  { kind: "poisson" },
  { kind: "poissonLog" },
  { kind: "bernoulli" },
  { kind: "bernoulliLogit" },
  { kind: "negativeBinomial", failures: 2.5 },
  { kind: "gamma" },
  { kind: "rayleigh" },
  { kind: "zeroTruncatedPoisson" },
  { kind: "huber", threshold: 0.7 },
  { kind: "beta", beta: 0.5 },
  { kind: "beta", beta: 0 },
  { kind: "beta", beta: 1 },
  { kind: "beta", beta: 2 },
];

/** Data that a loss is about. */
function dataFor({ data }: GcpLoss, shape: readonly number[], seed: number): Tensor {
  const { uniform, normal } = random(seed, "gcp test"),
    entry = () =>
      data === "counts"
        ? Math.floor(uniform() * 12)
        : data === "positive counts"
          ? 1 + Math.floor(uniform() * 12)
          : data === "binary"
            ? Math.round(uniform())
            : data === "non-negative"
              ? 3 * uniform()
              : normal();
  return tensor(shape, Array.from({ length: shape.reduce((p, n) => p * n, 1) }, entry));
}

function variablesFor({ nonNegative }: GcpLoss, count: number, seed: number): Float64Array {
  const { uniform, normal } = random(seed, "gcp variables");
  return Float64Array.from({ length: count }, () => (nonNegative ? 0.3 + uniform() : normal()));
}

describe.each(every)("$kind", (description) => {
  const loss = gcpLoss(description);

  test("the derivative of an entry is that of its value, by differences", () => {
    const xs = loss.data === "binary" ? [0, 1] : [0, 1, 3, 11],
      ms = loss.nonNegative ? [0.05, 0.4, 2, 7] : [-3, -0.4, 0.2, 1.9];
    for (const x of xs)
      for (const m of ms) {
        const h = 1e-6,
          numeric = (loss.value(x, m + h) - loss.value(x, m - h)) / (2 * h);
        // differences of losses up to 1e3 are good to about 1e-7, relative to derivatives up to 1e3
        expect(Math.abs(numeric - loss.derivative(x, m))).toBeLessThan(1e-6 * (1 + Math.abs(numeric)));
      }
  });

  test.each([[[4, 5, 6]], [[3, 700]], [[3, 2, 4, 3]]])(
    "the gradient in all factors, masked and penalized, is that of the loss by differences: %j",
    (shape) => {
      const x = dataFor(loss, shape, 3),
        { uniform } = random(1, "mask"),
        mask = { shape, data: x.data.map(() => (uniform() < 0.3 ? 0 : 1)) },
        rank = 2;
      mask.data.forEach((seen, i) => {
        if (seen === 0) x.data[i] = NaN; // what is missing is never read
      });
      const problem = gcpProblem({
        where: "gcp",
        x,
        mask,
        loss,
        rank,
        penalties: { ridge: 0.3, smooth: shape.map((_, mode) => 0.2 * mode) },
        boundsOfModes: [],
        again: true,
      });
      const count = rank * shape.reduce((sum, n) => sum + n, 0),
        at = variablesFor(loss, count, 7),
        { gradient } = problem.evaluate(at),
        { normal } = random(2, "direction");
      for (let round = 0; round < 4; round++) {
        const direction = Float64Array.from({ length: count }, normal),
          length = Math.hypot(...direction),
          h = 1e-5;
        const moved = (by: number) => problem.evaluate(at.map((v, i) => v + (by * direction[i]) / length)).loss,
          numeric = (moved(h) - moved(-h)) / (2 * h),
          exact = gradient.reduce((sum, g, i) => sum + (g * direction[i]) / length, 0);
        expect(Math.abs(numeric - exact)).toBeLessThan(1e-7 * Math.max(1, Math.hypot(...gradient)));
      }
    },
  );

  test("the sum over all entries is that of the values of the loss", () => {
    const shape = [5, 6, 7],
      x = dataFor(loss, shape, 9),
      factors = shape.map((n, mode): Matrix => ({ shape: [n, 3], data: variablesFor(loss, 3 * n, mode) })),
      model = cpToTensor({ weights: tensor([3], [1, 1, 1]), factors }),
      problem = gcpProblem({
        where: "gcp",
        x,
        mask: undefined,
        loss,
        rank: 3,
        penalties: { ridge: 0, smooth: [] },
        boundsOfModes: [],
        again: true,
      });
    const direct = x.data.reduce((sum, value, i) => sum + loss.value(value, model.data[i]), 0) / x.data.length;
    const got = problem.lossAt(Float64Array.from(factors.flatMap((f) => [...f.data])));
    expect(Math.abs(got - direct)).toBeLessThan(1e-12 * (1 + Math.abs(direct))); // another order of the same sum
  });
});

interface Run {
  readonly loss: "poisson" | "poissonLog" | "bernoulli" | "bernoulliLogit" | "gamma";
  readonly x: Tensor;
  readonly start: Matrix[];
  readonly bound: number | null;
  readonly minimum: number;
}

test.each(oracle("gcp").runs as Run[])(
  "from scipy's start, a minimum no worse than that of its L-BFGS-B: $loss",
  ({ loss, x, start, bound, minimum }) => {
    const box = bound === 0 ? [] : [0, 1, 2].map(() => ({ least: -1.5, most: 1.5 })),
      end = gcp(x, 2, { loss, start, bounds: box, tolerance: 1e-10, steps: 5000 });
    expect(end.loss).toBeLessThan(minimum + 1e-7); // both settle to about that
    if (loss !== "gamma") expect(end.loss).toBeGreaterThan(minimum - 1e-3); // and mostly at the same one
  },
);

/** Counts or events drawn from planted factors: mean 1, or a half. */
function planted(shape: readonly number[], rank: number, seed: number, kind: "poisson" | "bernoulli"): [Tensor, Cp] {
  const { uniform, normal } = random(seed, "planted"),
    factors = shape.map(
      (n): Matrix => ({ shape: [n, rank], data: Float64Array.from({ length: n * rank }, () => Math.exp(normal())) }),
    ),
    raw = cpToTensor({ weights: tensor([rank], new Array(rank).fill(1)), factors }),
    mean = raw.data.reduce((sum, m) => sum + m, 0) / raw.data.length,
    truth = { weights: tensor([rank], new Array(rank).fill(1 / mean)), factors };
  const x = raw.data.map((m) => {
    const expected = m / mean;
    if (kind === "bernoulli") return uniform() < expected / (1 + expected) ? 1 : 0;
    let count = 0;
    for (let p = uniform(), limit = Math.exp(-Math.min(expected, 600)); p > limit; p *= uniform()) count++;
    return count;
  });
  return [{ shape, data: x }, truth];
}

test.each([1, 2, 3])(
  "planted factors of counts with a mean of 1 are found again, 60 x 50 x 80, rank 3: seed %i",
  (seed) => {
    const [x, truth] = planted([60, 50, 80], 3, seed, "poisson"),
      end = gcp(x, 3, { loss: "poisson", seed, tolerance: 1e-4 });
    expect(end.status).toBe("converged");
    expect(factorMatchScore(truth, end)).toBeGreaterThan(0.9);
  },
);

test("planted factors of events are found again, by all entries and by samples of them", () => {
  const [x, truth] = planted([30, 30, 30], 2, 4, "bernoulli");
  expect(factorMatchScore(truth, gcp(x, 2, { loss: "bernoulli", seed: 1, tolerance: 1e-4 }))).toBeGreaterThan(0.9);
  const method = { solver: "adam", epoch: 150, samples: 500 } as const,
    sampled = gcp(x, 2, { loss: "bernoulli", seed: 1, steps: 12, method });
  expect(factorMatchScore(truth, sampled)).toBeGreaterThan(0.9);
});

test("with the squared error and a ridge it ends where cpAls does", () => {
  const { normal } = random(6, "ridge"),
    factors = [6, 7, 8].map((n): Matrix => ({ shape: [n, 2], data: Float64Array.from({ length: 2 * n }, normal) })),
    x = cpToTensor({ weights: tensor([2], [1, 1]), factors });
  x.data.forEach((value, i) => (x.data[i] = value + 0.3 * normal()));
  const als = cpAls(x, 2, { seed: 1, method: { ridge: 0.5 }, tolerance: 0, sweeps: 3000 }),
    end = gcp(x, 2, {
      start: als.raw.map((f) => ({ ...f, data: f.data.map((v) => 0.9 * v) })),
      penalties: { ridge: 0.5 },
      tolerance: 1e-12,
    });
  expect(Math.abs(end.relativeError - als.relativeError)).toBeLessThan(1e-6); // two iterative solves
  expect(factorMatchScore(als, end)).toBeGreaterThan(1 - 1e-8);
});

test("with a mask it is the loss of what is observed, and what is missing is found by the model", () => {
  const { normal, uniform } = random(8, "masked"),
    factors = [9, 8, 7].map((n): Matrix => ({ shape: [n, 2], data: Float64Array.from({ length: 2 * n }, normal) })),
    whole = cpToTensor({ weights: tensor([2], [1, 1]), factors }),
    mask = { shape: whole.shape, data: whole.data.map(() => (uniform() < 0.3 ? 0 : 1)) },
    x = { shape: whole.shape, data: whole.data.map((value, i) => (mask.data[i] === 0 ? NaN : value)) };
  const end = gcp(x, 2, { mask, seed: 2, tolerance: 0 }),
    model = cpToTensor(end);
  whole.data.forEach((value, i) => expect(Math.abs(model.data[i] - value)).toBeLessThan(1e-5)); // an iterative solve
});

const x = dataFor(gcpLoss("poisson"), [6, 5, 7], 1);

test.each<[string, GcpOptions]>([
  ["L-BFGS-B", { loss: "poisson", seed: 3 }],
  ["epochs", { loss: "poisson", seed: 3, method: { solver: "adam", epoch: 20, samples: 50 } }],
  ["strata", { loss: "poissonLog", method: { solver: "adam", sampling: "stratified", epoch: 20, samples: 50 } }],
])("a run goes on from a checkpoint to the bit: %s", (_, options) => {
  const whole = gcp(x, 2, { ...options, steps: 9, tolerance: 0 }),
    half = gcp(x, 2, { ...options, steps: 4, tolerance: 0 }),
    rest = gcp(x, 2, { ...options, steps: 5, tolerance: 0, start: structuredClone(half) });
  expect(half.status).toBe("exhausted");
  expect(rest.raw).toEqual(whole.raw);
  expect(rest.trace).toEqual(whole.trace.slice(-6));
  expect([...gcpSteps(x, 2, { ...options, steps: 9, tolerance: 0 })].at(-1)?.raw).toEqual(whole.raw);
  expect(fromJson(toJson(whole))).toEqual(whole);
});

test("bounds and penalties hold: factors within a box, smooth along a mode, small under a ridge", () => {
  const boxed = gcp(x, 2, { bounds: [{ least: -0.2, most: 0.5 }, { least: 0 }], seed: 1, steps: 60 });
  expect(boxed.raw[0].data.every((value) => value >= -0.2 && value <= 0.5)).toBe(true);
  expect(boxed.raw[1].data.every((value) => value >= 0)).toBe(true);
  const roughness = ({ data }: Matrix) => data.slice(2).reduce((sum, value, i) => sum + (value - data[i]) ** 2, 0),
    rough = gcp(x, 2, { loss: "poisson", penalties: { ridge: 0.1 } }),
    smooth = gcp(x, 2, { loss: "poisson", penalties: { ridge: 0.1, smooth: [undefined, undefined, 50] } });
  expect(roughness(smooth.raw[2])).toBeLessThan(0.05 * roughness(rough.raw[2]));
});

test("a custom loss is minimized by its value and derivative", () => {
  const cosh: GcpLoss = {
    name: "log cosh",
    value: (a, m) => Math.log(Math.cosh(a - m)),
    derivative: (a, m) => Math.tanh(m - a),
  };
  const end = gcp(x, 2, { loss: cosh, seed: 1 });
  expect(end.status).toBe("converged");
  expect(end.provenance.options.loss).toEqual({ kind: "custom", name: "log cosh" });
});

test("the gradient of factors is the MTTKRP of the derivatives, and refuses what does not fit", () => {
  const counts = dataFor(gcpLoss("gaussian"), [4, 3, 5], 2),
    factors = [4, 3, 5].map(
      (n, mode): Matrix => ({ shape: [n, 2], data: variablesFor(gcpLoss("gaussian"), 2 * n, mode) }),
    ),
    model = cpToTensor({ weights: tensor([2], [1, 1]), factors }),
    residual = tensor(
      counts.shape,
      model.data.map((m, i) => (2 * (m - counts.data[i])) / 60),
    );
  const { loss, gradients } = gcpGradient(counts, factors);
  expect(loss).toBeCloseTo(residual.data.reduce((sum, r) => sum + (30 * r) ** 2, 0) / 60, 12);
  gradients.forEach(({ data }, mode) =>
    mttkrp(residual, factors, mode).data.forEach((g, i) => expect(Math.abs(data[i] - g)).toBeLessThan(1e-14)),
  );
  expect(() => gcpGradient(counts, factors.slice(1))).toThrow("gcpGradient: expected factors with 4, 3, 5 rows");
  const negative = factors.map(({ shape, data }) => ({ shape, data: data.map(() => -1e200) }));
  expect(() => gcpGradient(counts, negative)).toThrow(
    "gcpGradient: expected factors whose model has a finite loss gaussian",
  );
});

test("data of any unit are fitted, or refused where a loss has a floor", () => {
  const ones = tensor([2], [1, 1]),
    stream = random(4, "units"),
    factors = [5, 4, 3].map((size) =>
      tensor(
        [size, 2],
        Array.from({ length: 2 * size }, () => 0.1 + stream.uniform()),
      ),
    ),
    x = cpToTensor({ weights: ones, factors });
  for (const exponent of [-80, -60, -20, 0, 20, 60]) {
    const scaled = tensor(
      x.shape,
      x.data.map((value) => value * 2 ** exponent),
    );
    for (const bounds of [[], [{ least: 0 }, { least: 0 }, { least: 0 }]])
      expect(gcp(scaled, 2, { bounds, steps: 300 }).relativeError, `2^${exponent}`).toBeLessThan(1e-3);
    const gamma = () => gcp(scaled, 2, { loss: "gamma", steps: 300 }).relativeError;
    if (exponent < -20) expect(gamma).toThrow("gcp: expected x of a mean of at least 1e-7 for the loss gamma");
    else expect(gamma(), `gamma, 2^${exponent}`).toBeLessThan(3e-3);
  }
});

test("data that a loss is not about are refused, with their place", () => {
  const at = (value: number) => tensor([2, 2], [1, value, 0, 1]),
    wrong: [() => unknown, string][] = [
      [() => gcp(at(-1), 1, { loss: "poisson" }), "gcp: expected x of counts, whole numbers of at least 0"],
      [() => gcp(at(0.5), 1, { loss: "poissonLog" }), "got 0.5 at index [0, 1]"],
      [() => gcp(at(2), 1, { loss: "bernoulli" }), "gcp: expected x of 0 and 1 only"],
      [() => gcp(at(-2), 1, { loss: "gamma" }), "gcp: expected x of numbers from 0"],
      [() => gcp(at(NaN), 1), "got NaN at index [0, 1]"],
      [() => gcpSteps(at(NaN), 1), "gcpSteps: expected x of finite numbers"],
      [() => gcp(at(1), 1, { loss: "poison" as never }), "gcp: expected loss to be one of gaussian, poisson"],
      [() => gcp(at(1), 1, { loss: { kind: "huber" } as never }), "gcp: expected loss.threshold to be given"],
      [
        () => gcp(at(1), 1, { bounds: [{ least: 2, most: 1 }] }),
        "gcp: expected bounds[0] to be undefined, or { least, most }",
      ],
      [() => gcp(at(1), 1, { loss: "poisson", bounds: [{ most: -1 }] }), "gcp: expected bounds[0].most of at least 0"],
      [() => gcp(at(1), 1, { start: [tensor([2, 1], [1, 1])] }), "gcp: expected start factors of shapes 2 × 1, 2 × 1"],
      [() => gcp(at(1), 3), "gcp: expected rank"],
    ];
  for (const [call, message] of wrong) expect(call).toThrow(message);
});

test.each(oracle("peers").losses as { loss: GcpLossDescription; x: number[]; m: number[]; value: number[] }[])(
  "$loss.kind of single entries, and its derivative, are pyttb's",
  ({ loss, x, m, ...want }) => {
    const { value, derivative } = gcpLoss(loss),
      expected = want as unknown as Record<"value" | "derivative", number[]>;
    x.forEach((entry, i) => {
      // 1e-9: pyttb adds its 1e-10 to more denominators
      expect(Math.abs(value(entry, m[i]!) - expected.value[i]!)).toBeLessThan(1e-9 * (1 + Math.abs(entry)) ** 2);
      expect(Math.abs(derivative(entry, m[i]!) / expected.derivative[i]! - 1)).toBeLessThan(2e-8);
    });
  },
);

test("counts of 0 are refused where they are left out", () =>
  expect(() => gcp(tensor([2, 2], [1, 2, 0, 3]), 1, { loss: "zeroTruncatedPoisson" })).toThrow("counts of at least 1"));

test("whatever the unit of the data, sampled gradients lead as far, and data whose squares vanish are refused", () => {
  const { normal } = random(9, "units of samples"),
    factors = [7, 6, 5].map((n): Matrix => ({ shape: [n, 2], data: Float64Array.from({ length: 2 * n }, normal) })),
    whole = cpToTensor({ weights: tensor([2], [2, 1]), factors }),
    noisy = whole.data.map((value) => value + 0.1 * normal());
  const errorAt = (unit: number) =>
    gcp({ shape: whole.shape, data: noisy.map((value) => unit * value) }, 2, {
      seed: 1,
      steps: 15,
      method: { solver: "adam" },
    }).relativeError;
  const error = errorAt(1);
  expect(error).toBeLessThan(0.2);
  // Adam's path rounds otherwise at another unit
  for (const unit of [1e-99, 1e-60, 1e60, 1e98]) expect(Math.abs(errorAt(unit) - error)).toBeLessThan(1e-6);
  expect(() => errorAt(1e-120)).toThrow("gcp: expected x with an entry of at least 1e-100 in size");
});
