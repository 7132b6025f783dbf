import { describe, expect, test } from "vitest";
import { LtrnnError } from "../../src/base";
import { nonNegative, smoothAlong } from "../../src/decompose";
import { factorMatchScore } from "../../src/factored";
import { evolvingFactors, parafac2, parafac2Sweeps, parafac2ToTrials, type Parafac2 } from "../../src/ragged";
import { gram, matmul, tensor, transpose, zeros, type Matrix } from "../../src/tensor";
import { oracle } from "../support/oracle";
import { polarFactor } from "../support/polar-factor";
import { draw as drawOf, sweep, type Draw } from "../support/sweep";

interface Planted {
  readonly trials: Matrix[];
  readonly loadings: Matrix;
  readonly units: Matrix;
  readonly courses: readonly Matrix[];
}

/** Trials of a PARAFAC2 model, with noise of this standard deviation. */
function planted(draw: Draw, lengths: readonly number[], units: number, rank: number, noise = 0): Planted {
  const a = draw.normal([units, rank]),
    b = draw.normal([rank, rank]),
    c = {
      shape: [lengths.length, rank] as const,
      data: draw.normal([lengths.length, rank]).data.map((x) => 0.4 + Math.abs(x)),
    };
  const courses = lengths.map((length) => matmul(polarFactor(draw.normal([length, rank])), b));
  const trials = courses.map(({ shape, data }, k): Matrix => {
    const scaled = { shape, data: data.map((value, i) => value * c.data[k * rank + (i % rank)]) },
      x = matmul(scaled, transpose(a)),
      e = draw.normal(x.shape, noise);
    return { shape: x.shape, data: x.data.map((value, i) => value + e.data[i]) };
  });
  return { trials, loadings: c, units: a, courses };
}

/** How well the factors of the shared modes match, from 0 to 1. */
const score = (found: Parafac2, { loadings, units }: Planted): number =>
  factorMatchScore(
    { weights: found.weights, factors: [found.factors[0], found.factors[2]] },
    {
      weights: tensor(
        [found.weights.shape[0]],
        Array.from(found.weights.data, () => 1),
      ),
      factors: [loadings, units],
    },
  );

const errorOf = (trials: readonly Matrix[], model: readonly Matrix[], mask?: readonly Matrix[]): number => {
  let off = 0,
    size = 0;
  trials.forEach(({ data }, k) => {
    data.forEach((value, i) => {
      if (mask?.[k].data[i] === 0) return;
      off += (value - model[k].data[i]) ** 2;
      size += value ** 2;
    });
  });
  return Math.sqrt(off / size);
};

const lengths = [7, 12, 9, 15, 8, 10, 6, 11];

describe("parafac2", () => {
  test("finds planted factors of trials of different lengths, and their courses of time", () => {
    sweep((draw) => {
      const truth = planted(draw, lengths, 10, 3),
        found = parafac2(truth.trials, 3, { seed: draw.seed, sweeps: 1500, tolerance: 1e-9, starts: 6 });
      expect(found.relativeError).toBeLessThan(1e-4);
      expect(score(found, truth)).toBeGreaterThan(0.999);
      for (const basis of found.bases)
        gram(basis).data.forEach((g, i) => expect(g).toBeCloseTo(i % 4 === 0 ? 1 : 0, 12));
    }, 3);
  });
  test("gives the evolving factors that were planted, up to sign, whose inner products are those of all trials", () => {
    const truth = planted(drawOf(3), lengths, 10, 2),
      found = parafac2(truth.trials, 2, { sweeps: 4000, tolerance: 1e-13 }),
      courses = evolvingFactors(found);
    courses.forEach((course, k) => {
      const cosines = matmul(transpose(unit(course)), unit(truth.courses[k])).data.map(Math.abs);
      expect(Math.max(cosines[0], cosines[1])).toBeGreaterThan(0.9999);
      expect(Math.max(cosines[2], cosines[3])).toBeGreaterThan(0.9999);
      gram(course).data.forEach((g, i) => expect(g).toBeCloseTo(gram(found.factors[1]).data[i], 10));
    });
  });
  test("reaches the error that TensorLy's parafac2 reaches from the best of its starts, or a lower one", () => {
    const { rank, cases } = oracle("parafac2");
    for (const { trials, errors } of cases) {
      const found = parafac2(trials, rank, { sweeps: 5000, tolerance: 1e-12, starts: 8 });
      expect(found.relativeError).toBeLessThan(Math.min(...errors) + 1e-7);
      expect(errorOf(trials, parafac2ToTrials(found))).toBeCloseTo(found.relativeError, 12);
    }
  });
  test("never raises the error, with and without extrapolation, and says that of its model", () => {
    for (const accelerate of [true, false]) {
      const { trials } = planted(drawOf(5), lengths, 8, 3, 0.2),
        trace = [...parafac2Sweeps(trials, 3, { starts: 1, sweeps: 60, tolerance: 0, accelerate })];
      trace.slice(1).forEach((now, i) => expect(now.relativeError).toBeLessThanOrEqual(trace[i].relativeError));
      for (const now of [trace[0], trace[20], trace[59]])
        expect(errorOf(trials, parafac2ToTrials(now))).toBeCloseTo(now.relativeError, 12);
    }
  });
  test("does not read what is missing, never raises the error over what is observed, and finds planted factors", () => {
    const draw = drawOf(7),
      truth = planted(draw, lengths, 10, 2),
      mask = truth.trials.map(({ shape, data }) => ({ shape, data: data.map(() => (draw.uniform() < 0.2 ? 0 : 1)) })),
      holed = truth.trials.map(({ shape, data }, k) => ({
        shape,
        data: data.map((x, i) => (mask[k].data[i] ? x : NaN)),
      }));
    const states = [...parafac2Sweeps(holed, 2, { mask, starts: 1, sweeps: 2000, tolerance: 1e-10 })],
      found = states[states.length - 1];
    states.slice(1).forEach((now, i) => expect(now.relativeError).toBeLessThanOrEqual(states[i].relativeError));
    expect(errorOf(holed, parafac2ToTrials(found), mask)).toBeCloseTo(found.relativeError, 10);
    expect(errorOf(truth.trials, parafac2ToTrials(found))).toBeLessThan(1e-4);
    expect(score(found, truth)).toBeGreaterThan(0.999);
  });
  test("keeps shared factors non-negative, and smooth along the trials", () => {
    const { trials } = planted(drawOf(9), lengths, 8, 2, 0.3),
      found = parafac2(trials, 2, { constraints: { trials: nonNegative(), units: nonNegative() } }),
      roughness = ({ data }: Matrix) => data.slice(2).reduce((sum, x, i) => sum + (x - data[i]) ** 2, 0);
    for (const mode of [0, 2]) expect(Math.min(...found.factors[mode].data)).toBeGreaterThanOrEqual(0);
    expect(Math.min(...found.factors[2].data)).toBe(0);
    const free = parafac2(trials, 2),
      smooth = parafac2(trials, 2, { constraints: { trials: smoothAlong(1e6) } });
    expect(roughness(smooth.factors[0])).toBeLessThan(0.2 * roughness(free.factors[0]));
  });
  test("smooth evolving factors have no period shorter than asked for, and errors are those of their models", () => {
    const draw = drawOf(11),
      { trials } = planted(draw, [40, 50, 60, 45], 10, 2, 0.2),
      found = parafac2(trials, 2, { shortestPeriod: 20 });
    evolvingFactors(found).forEach(({ shape: [bins], data }) => {
      for (let k = Math.floor((2 * bins) / 20) + 1; k < bins; k++)
        for (const r of [0, 1]) {
          let sum = 0;
          for (let t = 0; t < bins; t++) sum += data[2 * t + r] * Math.cos((Math.PI * k * (t + 0.5)) / bins);
          expect(sum).toBeCloseTo(0, 10);
        }
    });
    expect(errorOf(trials, parafac2ToTrials(found))).toBeCloseTo(found.relativeError, 10);
    const whole = parafac2(trials, 2, { shortestPeriod: 2 }),
      free = parafac2(trials, 2);
    expect(whole.relativeError).toBeCloseTo(free.relativeError, 6);
  });
  test("a hidden bin is filled in where evolving factors are smooth, and refused where they are free", () => {
    const draw = drawOf(12),
      trials = [50, 60, 55].map((bins) => {
        const course = tensor(
          [bins, 1],
          Array.from({ length: bins }, (_, t) => 1 + Math.sin(t / 8)),
        );
        return matmul(course, tensor([1, 4], [1, 2, -1, 0.5]));
      }),
      mask = trials.map(({ shape, data }) => ({ shape, data: data.map((_, i) => (Math.floor(i / 4) === 20 ? 0 : 1)) }));
    expect(draw.seed).toBe(12);
    const found = parafac2(trials, 1, { mask, shortestPeriod: 8, sweeps: 3000, tolerance: 1e-12 });
    expect(parafac2ToTrials(found)[0].data[80]).toBeCloseTo(trials[0].data[80], 1);
    expect(() => parafac2(trials, 1, { mask })).toThrow("bin 20 of trial 0");
  });
  test("resumes bit for bit, also through JSON-like copies and with a mask, and one seed gives one result", () => {
    const draw = drawOf(13),
      { trials } = planted(draw, lengths, 8, 3, 0.2),
      mask = trials.map(({ shape, data }) => ({ shape, data: data.map(() => (draw.uniform() < 0.1 ? 0 : 1)) }));
    for (const options of [{}, { mask }]) {
      const whole = parafac2(trials, 3, { ...options, starts: 1, sweeps: 40, tolerance: 0 }),
        half = parafac2(trials, 3, { ...options, starts: 1, sweeps: 15, tolerance: 0 }),
        rest = parafac2(trials, 3, { ...options, start: structuredClone(half), sweeps: 25, tolerance: 0 });
      expect(rest.raw).toEqual(whole.raw);
      expect(rest.relativeError).toBe(whole.relativeError);
    }
    expect(parafac2(trials, 3, { seed: 4 })).toEqual(parafac2(trials, 3, { seed: 4 }));
  });
  test("data in an extreme unit give the same model, and trials of zeros an error of zero", () => {
    const { trials } = planted(drawOf(15), lengths, 6, 2, 0.1),
      tiny = trials.map(({ shape, data }) => ({ shape, data: data.map((x) => x * 2 ** -900) })),
      found = parafac2(trials, 2, { seed: 1 }),
      small = parafac2(tiny, 2, { seed: 1 });
    expect(small.relativeError).toBeCloseTo(found.relativeError, 9);
    expect(small.weights.data[0] * 2 ** 900).toBeCloseTo(found.weights.data[0], 4);
    const nothing = parafac2([zeros([3, 3]), zeros([4, 3])], 2);
    expect(nothing.relativeError).toBe(0);
    expect(nothing.status).toBe("degenerate");
  });
  test("wrong calls are refused by name", () => {
    const { trials } = planted(drawOf(17), [4, 5], 3, 2);
    const refused = (work: () => unknown, text: string) => {
      expect(work).toThrow(LtrnnError);
      expect(work).toThrow(text);
    };
    refused(() => parafac2([trials[0], tensor([2, 2], [1, 2, 3, 4])], 1), "3 neurons in every trial");
    refused(() => parafac2(trials, 4), "a rank of at most 3, the number of units");
    refused(() => parafac2([...trials, tensor([1, 3], [1, 2, 3])], 2), "a rank of at most 1, the bins of trial 2");
    refused(() => parafac2([tensor([2, 1], [1, NaN])], 1), "finite");
    refused(() => parafac2(trials, 2, { shortestPeriod: 100 }), "the cosines of trial 0");
    refused(() => parafac2(trials, 2, { mask: [zeros([4, 3]), zeros([5, 3])] }), "mask of zeros in bin 0 of trial 0");
    refused(() => parafac2(trials, 2, { start: parafac2(trials, 1) }), "start.raw.factors[0] of shape 2 × 2");
    refused(() => parafac2(trials, 2, { sweps: 3 } as never), "Did you mean sweeps?");
    refused(() => parafac2ToTrials({ ...parafac2(trials, 2), bases: [] }), "as many trials as bases");
  });
});

test("the polar factor makes the trace largest, and is orthonormal at any rank", () => {
  sweep((draw) => {
    const m = draw.normal([7, 3]),
      p = polarFactor(m),
      trace = (q: Matrix) => q.data.reduce((sum, value, i) => sum + value * m.data[i], 0);
    for (let other = 0; other < 5; other++)
      expect(trace(polarFactor(draw.normal([7, 3])))).toBeLessThanOrEqual(trace(p));
    for (const scale of [1, 1e-5, 0]) {
      const thin = {
        shape: m.shape,
        data: m.data.map((value, i) => (i % 3 === 2 ? m.data[i - 1] + scale * value : value)),
      };
      gram(polarFactor(thin)).data.forEach((g, i) => expect(g).toBeCloseTo(i % 4 === 0 ? 1 : 0, 12));
    }
  }, 8);
});

/** Columns of unit length. */
function unit({ shape, data }: Matrix): Matrix {
  const size = [0, 0];
  data.forEach((x, i) => {
    size[i % 2] += x * x;
  });
  return { shape, data: data.map((x, i) => x / Math.sqrt(size[i % 2])) };
}
