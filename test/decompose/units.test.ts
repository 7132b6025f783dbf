import { describe, expect, test } from "vitest";
import {
  cpAls,
  cpAlsSweeps,
  nonNegative,
  orthogonal,
  ridgePenalty,
  transform,
  tucker,
  type CpOptions,
} from "../../src/decompose";
import {
  canonical,
  componentVariance,
  congruenceMatrix,
  coreConsistency,
  cpDegeneracy,
  cpToTensor,
  factorMatchScore,
  tuckerToTensor,
  type Cp,
} from "../../src/factored";
import { tensor, type Matrix, type Tensor } from "../../src/tensor";
import { close } from "../support/close";
import { draw, sweep, type Draw } from "../support/sweep";

const ones = (rank: number) => tensor([rank], new Array(rank).fill(1));
const planted = (draw: Draw, shape: readonly number[], rank: number): Cp => ({
  weights: ones(rank),
  factors: shape.map((size) => draw.normal([size, rank])),
});
/** x times a power of two: exactly the same numbers in another unit. */
function times(x: Tensor, exponent: number): Tensor {
  const half = 2 ** Math.trunc(exponent / 2);
  return { shape: x.shape, data: x.data.map((value) => value * half * 2 ** (exponent - Math.trunc(exponent / 2))) };
}
const far = (x: Tensor, model: Tensor) => {
  let off = 0,
    size = 0;
  x.data.forEach((value, i) => {
    off += (value - model.data[i]) ** 2;
    size += value ** 2;
  });
  return Math.sqrt(off / size);
};

const { normal, ...rest } = draw(7),
  stream = { normal, ...rest };
const truth = planted(stream, [9, 8, 7], 3),
  x = cpToTensor(truth),
  noise = stream.normal(x.shape),
  noisy: Tensor = { shape: x.shape, data: x.data.map((value, i) => value + 0.1 * noise.data[i]) };
const mask = { shape: x.shape, data: Float64Array.from(x.data, (_, i) => (i % 5 === 0 ? 0 : 1)) };
const positive: Tensor = { shape: x.shape, data: x.data.map(Math.abs) };

describe("data of any unit give the results of scale 1, to the bit where the unit is a power of two", () => {
  const ways: [string, Tensor, CpOptions][] = [
    ["one start", noisy, {}],
    ["several starts", noisy, { starts: 6 }],
    ["compressed", noisy, { method: { compress: true }, starts: 3 }],
    ["singular vectors", noisy, { start: "hosvd" }],
    ["masked", noisy, { mask }],
    ["imputed", noisy, { mask, missing: "impute", sweeps: 60 }],
    ["factors given", noisy, { start: truth.factors }],
    ["a decomposition given", noisy, { start: truth }],
    ["non-negative", positive, { constraints: [nonNegative(), nonNegative(), nonNegative()], sweeps: 40 }],
    ["orthogonal", noisy, { constraints: [orthogonal(), orthogonal(), orthogonal()] }],
    ["orthogonal in one mode", noisy, { constraints: [undefined, orthogonal()] }],
    ["fixed", noisy, { start: truth.factors, fixed: [0, 1] }],
    ["plain", noisy, { method: { accelerate: false } }],
  ];
  test.each(ways)("cpAls: %s", (_, data, options) => {
    // units so far apart that sums of squares leave the range of doubles
    const { factors, weights, relativeError, trace } = cpAls(times(data, 600), 3, options);
    for (const exponent of [-560, 505, 1000, -1000]) {
      const other = cpAls(times(data, exponent), 3, options);
      expect(other.factors).toEqual(factors);
      expect(other.relativeError).toBe(relativeError);
      expect(other.trace).toEqual(trace);
      expect([...times(other.weights, 600 - exponent).data]).toEqual([...weights.data]);
    }
    // and at scale 1, where sums of the kernels are the same but for bits
    const usual = cpAls(data, 3, options);
    expect(Math.abs(usual.relativeError - relativeError)).toBeLessThan(1e-8); // the tolerance of a run
    close(times(weights, -600), usual.weights, 1e-5);
  });
  test("an extreme run resumes to the bits of the whole", () => {
    const far = times(noisy, -580),
      whole = cpAls(far, 3, { sweeps: 30, tolerance: 0 }),
      half = structuredClone(cpAls(far, 3, { sweeps: 14, tolerance: 0 }));
    expect(cpAls(far, 3, { start: half, sweeps: 16, tolerance: 0 }).raw).toEqual(whole.raw);
    expect([...cpAlsSweeps(far, 3, { sweeps: 3 })][2].weights.data[0]).toBeGreaterThan(0);
  });
  test.each([1e150, 1e155, 1e-150, 1e-160, 1e-170, 1e300, 1e-300])("powers of ten: %s", (unit) => {
    const data: Tensor = { shape: x.shape, data: x.data.map((value) => value * unit) },
      { relativeError, weights, status } = cpAls(data, 3, { seed: 1, tolerance: 1e-12 }),
      usual = cpAls(x, 3, { seed: 1, tolerance: 1e-12 });
    expect(status).toBe("converged");
    expect(relativeError).toBeLessThan(1e-8);
    expect(weights.data[0] / unit / usual.weights.data[0]).toBeCloseTo(1, 7);
  });
  test("an ordinary unit that is a power of two changes no bit of plain sweeps", () => {
    const usual = cpAls(noisy, 3, { seed: 2, method: { accelerate: false } }),
      other = cpAls(times(noisy, 40), 3, { seed: 2, method: { accelerate: false } });
    expect(other.factors).toEqual(usual.factors);
    expect(other.relativeError).toBe(usual.relativeError);
  });
  test("penalties, whose strength is in the unit of the data, are refused there", () => {
    const message = "cpAls: expected x in a unit between 1e-30 and 1e30 with";
    expect(() => cpAls(times(x, 400), 3, { method: { ridge: 1 } })).toThrow(`${message} a ridge, got entries near`);
    expect(() => cpAls(times(x, 400), 3, { constraints: [ridgePenalty(1)] })).toThrow(
      `${message} the constraint ridgePenalty(1)`,
    );
  });
  test("what no double can hold is refused", () => {
    expect(() => cpAls(tensor([2, 2], new Array(4).fill(1.7e308)), 1)).toThrow(
      "cpAls: expected x with a norm within the range of doubles",
    );
  });
  test.each([-1000, -560, 505, 900])("other functions, data times 2^%d", (exponent) => {
    const far_ = times(noisy, exponent),
      model: Cp = { weights: times(truth.weights, exponent), factors: truth.factors } as Cp,
      usual = tucker(noisy, [3, 3, 3]),
      other = tucker(far_, [3, 3, 3]);
    expect(other.relativeError).toBeCloseTo(usual.relativeError, 12);
    close(times(other.core, -exponent), usual.core, 1e-6);
    close(times(tuckerToTensor(other), -exponent), tuckerToTensor(usual), 1e-9);
    expect(coreConsistency(far_, model)).toBeCloseTo(coreConsistency(noisy, truth), 8);
    const variance = componentVariance(far_, model),
      want = componentVariance(noisy, truth);
    expect(variance.total).toBeCloseTo(want.total, 12);
    variance.alone.forEach((value, r) => expect(value).toBeCloseTo(want.alone[r], 12));
    variance.lost.forEach((value, r) => expect(value).toBeCloseTo(want.lost[r], 12));
    close(transform(model, far_, 1), transform(truth, noisy, 1), 1e-10);
    close(transform(model, far_, 1, mask), transform(truth, noisy, 1, mask), 1e-10);
    close(times(cpToTensor(model), -exponent), x, 1e-14);
  });
});

describe("factors of any unit", () => {
  /** The same tensor, its columns multiplied by powers of two that cancel over the modes. */
  const skewed = (cp: Cp, exponents: readonly number[]): Cp => ({
    weights: cp.weights,
    factors: cp.factors.map((f, mode) => times(f, exponents[mode]) as Matrix),
  });
  const wild = skewed(truth, [700, -800, 100]);
  test("have the same canonical form, congruences, tensor, score and rows", () => {
    expect(canonical(wild)).toEqual(canonical(truth));
    expect(congruenceMatrix(wild)).toEqual(congruenceMatrix(truth));
    expect(cpDegeneracy(wild)).toEqual(cpDegeneracy(truth));
    expect(factorMatchScore(wild, truth)).toBeCloseTo(1, 14);
    close(cpToTensor(wild), x, 1e-14);
    close(times(transform(wild, x, 2), -100), truth.factors[2], 1e-10);
    expect(cpAls(x, 3, { start: wild.factors }).relativeError).toBeLessThan(1e-12);
    expect(cpAls(x, 3, { start: wild.factors, fixed: [0, 1] }).factors[0]).toEqual(wild.factors[0]);
  });
  test("that leave the range of doubles are refused", () => {
    const huge = skewed(truth, [700, 700, 0]);
    for (const call of [() => canonical(huge), () => cpToTensor(huge)])
      expect(call).toThrow("expected weights within the range of doubles");
  });
});

describe("a large offset hides no signal", () => {
  const explained = (signal: Tensor, offset: Tensor, options: CpOptions) => {
    const data: Tensor = { shape: signal.shape, data: signal.data.map((value, i) => value + offset.data[i]) },
      found = cpAls(data, 4, options),
      model = cpToTensor(found);
    let left = 0,
      whole = 0;
    data.data.forEach((value, i) => {
      left += (value - model.data[i]) ** 2;
      whole += signal.data[i] ** 2;
    });
    return { explained: 1 - left / whole, found };
  };
  test.each([0, 1, 1e3, 1e6, 1e8])("of all entries: %s", (level) =>
    sweep((draw) => {
      const signal = cpToTensor(planted(draw, [12, 10, 8], 3)),
        offset: Tensor = { shape: signal.shape, data: new Float64Array(signal.data.length).fill(level) };
      for (const options of [
        { seed: draw.seed },
        { seed: draw.seed, starts: 6 },
        { method: { compress: true }, starts: 6 },
      ]) {
        const { explained: part, found } = explained(signal, offset, { ...options, sweeps: 3000 });
        expect(part, JSON.stringify(options)).toBeGreaterThan(0.999);
        expect(found.status).not.toBe("exhausted");
      }
    }, 3),
  );
  test.each([0, 1, 2])("of each slice of mode %d, some positive and some negative", (mode) =>
    sweep((draw) => {
      const signal = cpToTensor(planted(draw, [12, 10, 8], 3)),
        levels = draw.normal([signal.shape[mode]], 1e5).data,
        right = signal.shape.slice(mode + 1).reduce((a, b) => a * b, 1);
      const offset: Tensor = {
        shape: signal.shape,
        data: Float64Array.from(signal.data, (_, i) => levels[Math.floor(i / right) % levels.length]),
      };
      expect(explained(signal, offset, { seed: draw.seed, sweeps: 3000 }).explained).toBeGreaterThan(0.999);
    }, 3),
  );
  test("nor with entries missing", () =>
    sweep((draw) => {
      const signal = cpToTensor(planted(draw, [12, 10, 8], 3)),
        hidden = { shape: signal.shape, data: Float64Array.from(signal.data, (_, i) => (i % 9 === 0 ? 0 : 1)) };
      const offset: Tensor = { shape: signal.shape, data: new Float64Array(signal.data.length).fill(1e5) };
      for (const missing of ["exact", "impute"] as const) {
        const options = { seed: draw.seed, mask: hidden, missing, sweeps: 3000 };
        expect(explained(signal, offset, options).explained, missing).toBeGreaterThan(0.999);
      }
    }, 3));
  test("a Tucker decomposition refines past it too", () => {
    const signal = cpToTensor(planted(draw(5), [12, 10, 8], 3)),
      data: Tensor = { shape: signal.shape, data: signal.data.map((value) => value + 1e6) };
    const model = tuckerToTensor(tucker(data, [4, 4, 4]));
    expect(far(data, model)).toBeLessThan(1e-12);
  });
});
