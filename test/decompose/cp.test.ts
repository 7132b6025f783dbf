import { describe, expect, test } from "vitest";
import {
  cpAls,
  cpAlsSweeps,
  nonNegative,
  orthogonal,
  ridgePenalty,
  smoothAlong,
  transform,
  type CpConstraint,
} from "../../src/decompose";
import {
  componentVariance,
  cpDegeneracy,
  cpFromArrays,
  cpToArrays,
  cpToTensor,
  factorMatchScore,
  type Cp,
} from "../../src/factored";
import { compress } from "../../src/decompose/compression";
import { random } from "../../src/base";
import { gram, matmul, norm, tensor, zeros, type Matrix, type Tensor } from "../../src/tensor";
import { close, distance } from "../support/close";
import { oracle } from "../support/oracle";
import { sweep, type Draw } from "../support/sweep";

const ones = (rank: number) => tensor([rank], new Array(rank).fill(1));
const cpOf = (draw: Draw, shape: readonly number[], rank: number): Cp => ({
  weights: ones(rank),
  factors: shape.map((size) => draw.normal([size, rank])),
});
const far = (x: Tensor, model: Tensor, mask?: Tensor) => {
  let off = 0,
    size = 0;
  x.data.forEach((value, at) => {
    if (mask?.data[at] === 0) return;
    off += (value - model.data[at]) ** 2;
    size += value ** 2;
  });
  return Math.sqrt(off / size);
};
/** A planted tensor with noise of this part of its norm. */
function noisy(draw: Draw, truth: Cp, noise: number): Tensor {
  const x = cpToTensor(truth),
    e = draw.normal(x.shape),
    scale = (noise * norm(x)) / norm(e);
  return { shape: x.shape, data: x.data.map((value, at) => value + scale * e.data[at]) };
}
/** Two columns at this congruence. */
function pair(draw: Draw, size: number, congruence: number): Matrix {
  const a = draw.normal([size, 1]).data,
    b = draw.normal([size, 1]).data,
    inner = a.reduce((s, x, i) => s + x * b[i], 0) / a.reduce((s, x) => s + x * x, 0),
    rest = b.map((x, i) => x - inner * a[i]),
    [la, lr] = [Math.hypot(...a), Math.hypot(...rest)];
  return tensor(
    [size, 2],
    Array.from(a).flatMap((x, i) => [x / la, (congruence * x) / la + (Math.sqrt(1 - congruence ** 2) * rest[i]) / lr]),
  );
}

describe("exact cases written out by hand", () => {
  test("a 2 × 2 × 2 tensor of either generic type has rank 2 or 3 over the reals", () => {
    const two = tensor([2, 2, 2], [1, 0, 0, 0, 0, 0, 0, 1]),
      // slices along the first mode: I, and a rotation, whose eigenvalues are not real
      three = tensor([2, 2, 2], [1, 0, 0, 1, 0, 1, -1, 0]);
    const best = (x: Tensor, rank: number) =>
      Math.min(...[0, 1, 2, 3].map((seed) => cpAls(x, rank, { seed, sweeps: 4000, tolerance: 1e-14 }).relativeError));
    expect(best(two, 1)).toBeCloseTo(Math.SQRT1_2, 8);
    expect(best(two, 2)).toBeLessThan(1e-8);
    expect(best(three, 2)).toBeGreaterThan(0.3);
    expect(best(three, 3)).toBeLessThan(1e-8);
  });
  test("the W state has rank 3 and border rank 2: two components come near without end, and cancel", () => {
    const w = tensor([2, 2, 2], [0, 1, 1, 0, 1, 0, 0, 0]),
      run = cpAls(w, 2, { seed: 1, sweeps: 3000, tolerance: 0 });
    expect(run.relativeError).toBeLessThan(0.02);
    expect(run.relativeError).toBeGreaterThan(0);
    expect(cpDegeneracy(run)).toMatchObject({ status: "degenerate", pairs: [{ components: [0, 1] }] });
    expect(cpDegeneracy(run).pairs[0].congruence).toBeLessThan(-0.99);
    expect(
      Math.min(...[0, 1, 2].map((seed) => cpAls(w, 3, { seed, sweeps: 5000, tolerance: 1e-14 }).relativeError)),
    ).toBeLessThan(1e-6);
  });
  test("2 × 2 matrix multiplication has rank 7: Strassen's products are found again from nearby", () => {
    const product = zeros([4, 4, 4]); // entry (ij, jk, ik) is 1
    for (let i = 0; i < 2; i++)
      for (let j = 0; j < 2; j++)
        for (let k = 0; k < 2; k++) product.data[((2 * i + j) * 4 + 2 * j + k) * 4 + 2 * i + k] = 1;
    const columns = (rows: number[][]): Matrix =>
      tensor(
        [4, 7],
        [0, 1, 2, 3].flatMap((row) => rows.map((column) => column[row])),
      );
    const factors = [
      columns([
        [1, 0, 0, 1],
        [0, 0, 1, 1],
        [1, 0, 0, 0],
        [0, 0, 0, 1],
        [1, 1, 0, 0],
        [-1, 0, 1, 0],
        [0, 1, 0, -1],
      ]),
      columns([
        [1, 0, 0, 1],
        [1, 0, 0, 0],
        [0, 1, 0, -1],
        [-1, 0, 1, 0],
        [0, 0, 0, 1],
        [1, 1, 0, 0],
        [0, 0, 1, 1],
      ]),
      columns([
        [1, 0, 0, 1],
        [0, 0, 1, -1],
        [0, 1, 0, 1],
        [1, 0, 1, 0],
        [-1, 1, 0, 0],
        [0, 0, 0, 1],
        [1, 0, 0, 0],
      ]),
    ];
    expect(cpToTensor({ weights: ones(7), factors })).toEqual(product);
    const { normal } = random(1, "nearby"),
      start = factors.map((f) => ({ shape: f.shape, data: f.data.map((x) => x + 0.05 * normal()) }));
    expect(cpAls(product, 7, { start, sweeps: 5000, tolerance: 1e-15 }).relativeError).toBeLessThan(1e-8);
  });
});

test.each([
  [0.05, 0.99],
  [0.2, 0.93],
])(
  "components under noise of %s of the norm are found in tensors of three to " +
    "five modes, with an error no larger than the noise",
  (noise, score) =>
    sweep((draw) => {
      const modes = draw.int(3, 5),
        shape = Array.from({ length: modes }, () => draw.int(7, 10)),
        truth = cpOf(draw, shape, 3),
        x = noisy(draw, truth, noise);
      const found = cpAls(x, 3, { seed: draw.seed, starts: 8 });
      expect(found.relativeError).toBeLessThan(noise); // least squares does better than the truth
      expect(factorMatchScore(found, truth)).toBeGreaterThan(score);
    }, 8),
);

test("half of the entries missing, components are found where they were not seen, either way", () =>
  sweep((draw) => {
    const truth = cpOf(draw, [14, 12, 13], 2),
      x = cpToTensor(truth),
      mask = { shape: x.shape, data: Float64Array.from(draw.normal(x.shape).data, (z) => (z < 0 ? 0 : 1)) };
    const holes = { shape: x.shape, data: x.data.map((value, at) => (mask.data[at] ? value : NaN)) };
    for (const missing of ["exact", "impute"] as const) {
      const found = cpAls(holes, 2, { mask, missing, starts: 4, sweeps: 3000, tolerance: 1e-12 });
      expect(distance(cpToTensor(found).data, x.data), missing).toBeLessThan(1e-5); // imputing settles slowly
    }
  }, 4));

test(
  "in a swamp of two nearly collinear components, extrapolation takes a " +
    "tenth of the sweeps, and never raises the error",
  () =>
    sweep((draw) => {
      const x = cpToTensor({ weights: ones(2), factors: [20, 20, 20].map((size) => pair(draw, size, 0.97)) });
      const [plain, fast] = [false, true].map((accelerate) =>
        cpAls(x, 2, { seed: draw.seed, method: { accelerate }, sweeps: 4000, tolerance: 1e-12 }),
      );
      expect(fast.sweeps).toBeLessThan(plain.sweeps / 10);
      expect(fast.relativeError).toBeLessThan(1e-8);
      fast.trace.slice(1).forEach((error, k) => expect(error).toBeLessThanOrEqual(fast.trace[k]));
    }, 3),
);

test(
  "over random shapes, ranks and seeds: no error rises, no NaN comes out, two runs of a " +
    "seed agree, and any state resumes to the bits of the whole",
  () =>
    sweep((draw) => {
      const modes = draw.int(2, 5),
        shape = Array.from({ length: modes }, () => draw.int(2, 6)),
        most = shape.reduce((a, b) => a * b, 1) / Math.max(...shape),
        rank = draw.int(1, Math.min(6, most));
      const x = draw.normal(shape),
        options = { seed: draw.seed, sweeps: 60, tolerance: 0, starts: draw.int(1, 3) },
        states = [...cpAlsSweeps(x, rank, options)],
        whole = states[states.length - 1];
      // a direct sum near the floor, and one from products above it
      whole.trace.slice(1).forEach((error, k) => expect(error).toBeLessThanOrEqual(whole.trace[k] + 1e-12));
      for (const { factors, weights } of states)
        for (const { data } of [weights, ...factors]) expect(data.every(Number.isFinite)).toBe(true);
      expect(cpAls(x, rank, options)).toEqual(whole);
      expect(Math.abs(whole.relativeError - far(x, cpToTensor(whole)))).toBeLessThan(1e-9);
      const sweepsOnX = states.filter(({ stage }) => stage === "sweeps"),
        cut = draw.int(1, 40),
        half = structuredClone(sweepsOnX[Math.min(cut, sweepsOnX.length) - 1]);
      if (sweepsOnX.length > cut)
        expect(cpAls(x, rank, { start: half, sweeps: sweepsOnX.length - cut, tolerance: 0 }).raw).toEqual(whole.raw);
    }, 25),
);

test("a result starts the decomposition of another tensor as well, and what it remembers of its own is forgotten", () =>
  sweep((draw) => {
    const truth = cpOf(draw, [7, 8, 6], 2),
      before = cpAls(noisy(draw, truth, 0.01), 2, { seed: 1, sweeps: 25, tolerance: 0 }),
      x = noisy(draw, truth, 0.4);
    const found = cpAls(x, 2, { start: before, tolerance: 1e-10 });
    expect(found.relativeError).toBeCloseTo(far(x, cpToTensor(found)), 10);
    expect(found.relativeError).toBeLessThanOrEqual(
      cpAls(x, 2, { start: before.raw, tolerance: 1e-10 }).relativeError + 1e-8,
    );
    expect(found.sweeps).toBeGreaterThan(1);
  }, 4));

describe("starts and compression", () => {
  test(
    "a large tensor is compressed, and the result says so; refused, it is " +
      "not; either way the noise floor is reached",
    () =>
      sweep((draw) => {
        const truth = cpOf(draw, [70, 64, 80], 6),
          x = noisy(draw, truth, 0.01),
          states = [...cpAlsSweeps(x, 6, { seed: draw.seed })],
          found = states[states.length - 1];
        expect(states[0].stage).toBe("start");
        expect(found.compression!.ranks).toEqual([16, 16, 16]);
        expect(found.compression!.energy).toBeGreaterThan(0.999);
        // which agree: the others are not run
        expect(found.starts.map(({ kind }) => kind)).toEqual(["pencil", "pencil"]);
        expect(found.relativeError).toBeLessThan(0.01);
        // told from the core alone
        expect(Math.abs(states[0].relativeError - far(x, cpToTensor(states[0])))).toBeLessThan(1e-10);
        expect(factorMatchScore(found, truth)).toBeGreaterThan(0.999);
        // more components than a core's pencils could tell apart
        const beyond = cpAls(x, 17, { seed: draw.seed, method: { compress: true }, starts: 5, sweeps: 2 });
        expect(beyond.starts.map(({ kind }) => kind)).toEqual(["pencil", "pencil", "hosvd", "random", "random"]);
        expect(beyond.relativeError).toBeLessThan(found.relativeError);
        const plain = cpAls(x, 6, { seed: draw.seed, method: { compress: false }, starts: 4 });
        expect(plain.compression).toBeUndefined();
        expect(plain.relativeError).toBeCloseTo(found.relativeError, 6);
      }, 2),
  );
  test("weights over learning, of a rank far below their sizes, are compressed to it without loss", () => {
    const { normal } = random(2, "weights"),
      truth: Cp = {
        weights: ones(3),
        factors: [80, 80, 60].map((size) => tensor([size, 3], Array.from({ length: 3 * size }, normal))),
      };
    const found = cpAls(cpToTensor(truth), 3);
    expect(found.compression).toEqual({ ranks: [3, 3, 3], energy: expect.closeTo(1, 12) });
    expect(found.relativeError).toBeLessThan(1e-12);
    expect(factorMatchScore(found, truth)).toBeGreaterThan(1 - 1e-12);
  });
  test("compression keeps what it says, in orthonormal bases", () =>
    sweep((draw) => {
      const x = draw.normal([12, 9, 10]),
        { core, factors, energy } = compress(x, 6, random(draw.seed, "test"));
      factors.forEach((u) =>
        close(
          gram(u),
          tensor(
            [6, 6],
            Array.from({ length: 36 }, (_, at) => (at % 7 === 0 ? 1 : 0)),
          ),
          1e-12,
        ),
      );
      expect(energy).toBeCloseTo((norm(core) / norm(x)) ** 2, 12);
      const whole = compress(x, 20, random(1, "test"));
      expect(whole.energy).toBeCloseTo(1, 12);
    }, 5));
  test("singular vectors start a rank above a mode's size too", () =>
    sweep((draw) => {
      const truth = cpOf(draw, [3, 8, 9], 4),
        found = cpAls(cpToTensor(truth), 4, { start: "hosvd", seed: draw.seed, sweeps: 4000, tolerance: 1e-12 });
      expect(found.relativeError).toBeLessThan(0.2);
      expect(found.provenance.options.start).toBe("hosvd");
    }, 5));
});

test("fixed modes come back to the last bit, in their order, and scale goes to the weights", () =>
  sweep((draw) => {
    const truth = cpOf(draw, [6, 7, 8], 3),
      x = noisy(draw, truth, 0.05),
      start = [truth.factors[0], truth.factors[1], draw.normal([8, 3])];
    for (const mask of [
      undefined,
      { shape: x.shape, data: Float64Array.from(x.data, (_, at) => (at % 5 === 0 ? 0 : 1)) },
    ]) {
      const found = cpAls(x, 3, { start, fixed: [0, 1], mask });
      expect(found.factors[0]).toEqual(truth.factors[0]);
      expect(found.factors[1].data).toEqual(truth.factors[1].data);
      for (let r = 0; r < 3; r++)
        expect(Math.hypot(...Array.from({ length: 8 }, (_, i) => found.factors[2].data[i * 3 + r]))).toBeCloseTo(1, 12);
      expect(found.relativeError).toBeCloseTo(far(x, cpToTensor(found), mask), 9);
      // a least squares: the last mode is what transform fits to the same slices
      const rows = transform({ weights: ones(3), factors: start }, x, 2, mask),
        scaled = found.factors[2].data.map((value, at) => value * found.weights.data[at % 3]);
      expect(distance(scaled, rows.data)).toBeLessThan(1e-9);
    }
    expect(cpAls(x, 3, { start, fixed: [2], sweeps: 60 }).factors[2]).toEqual(start[2]);
  }, 6));

describe("constraints", () => {
  test("non-negative factors from TensorLy's start reach its error, and no entry is below zero", () => {
    const {
      tensor: x,
      init,
      rank,
      hals_converged: theirs,
    } = oracle("cp").nonneg as { tensor: Tensor; init: Matrix[]; rank: number; hals_converged: { rel_error: number } };
    const found = cpAls(x, rank, {
      start: init,
      constraints: [nonNegative(), nonNegative(), nonNegative()],
      sweeps: 5000,
      tolerance: 1e-12,
    });
    // both end at a local minimum of the same problem
    expect(found.relativeError).toBeLessThan(theirs.rel_error * (1 + 1e-4));
    for (const { data } of found.factors) expect(Math.min(...data)).toBeGreaterThanOrEqual(0);
    found.trace.slice(1).forEach((error, k) => expect(error).toBeLessThanOrEqual(found.trace[k] + 1e-12));
  });
  test("each update is a minimum: no nearby factor that satisfies the constraint has a lower objective", () =>
    sweep((draw) => {
      const rank = 3,
        normal = gram(draw.normal([9, rank])),
        products = draw.normal([7, rank]),
        before = draw.normal([7, rank]);
      const objective = (f: Matrix, penalty: (f: Matrix) => number) => {
        let sum = penalty(f);
        matmul(f, normal).data.forEach((value, at) => (sum += value * f.data[at] - 2 * products.data[at] * f.data[at]));
        return sum;
      };
      const rough = (f: Matrix) => {
        let sum = 0;
        for (let at = rank; at < f.data.length; at++) sum += (f.data[at] - f.data[at - rank]) ** 2;
        return sum;
      };
      const cases: [CpConstraint, (f: Matrix) => number, (f: Matrix) => Matrix][] = [
        [ridgePenalty(0.7), (f) => 0.7 * norm(f) ** 2, (f) => f],
        [smoothAlong(2.5), (f) => 2.5 * rough(f), (f) => f],
        [nonNegative({ rounds: 400 }), () => 0, (f) => ({ shape: f.shape, data: f.data.map((x) => Math.max(0, x)) })],
      ];
      for (const [constraint, penalty, admitted] of cases) {
        const best = constraint.update(normal, products, before),
          least = objective(best, penalty);
        for (let trial = 0; trial < 20; trial++) {
          const step = draw.normal([7, rank]),
            near = admitted({ shape: best.shape, data: best.data.map((x, at) => x + 1e-3 * step.data[at]) });
          expect(objective(near, penalty), constraint.name).toBeGreaterThanOrEqual(least - 1e-10);
        }
      }
      const q = orthogonal().update(normal, products, before);
      close(gram(q), tensor([3, 3], [1, 0, 0, 0, 1, 0, 0, 0, 1]), 1e-12);
      const inner = (f: Matrix) => f.data.reduce((sum, x, at) => sum + x * products.data[at], 0);
      for (let trial = 0; trial < 20; trial++)
        expect(inner(orthogonal().update(normal, draw.normal([7, rank]), before))).toBeLessThanOrEqual(
          inner(q) + 1e-12,
        );
    }, 5));
  test("constraints hold in a decomposition, by mode, with a user's own among them, and with imputed entries", () =>
    sweep((draw) => {
      const x = noisy(
        draw,
        {
          weights: ones(2),
          factors: [
            draw.normal([6, 2]),
            { shape: [7, 2], data: draw.normal([7, 2]).data.map(Math.abs) },
            draw.normal([30, 2]),
          ],
        },
        0.1,
      );
      const even: CpConstraint = {
        name: "even",
        update: (normal, products) => {
          const f = ridgePenalty(1e-9).update(normal, products, products);
          return {
            shape: f.shape,
            data: f.data.map((value, at) => (value + f.data[f.data.length - 2 - (at - (at % 2)) + (at % 2)]) / 2),
          };
        },
      };
      const mask = { shape: x.shape, data: Float64Array.from(x.data, (_, at) => (at % 7 === 0 ? 0 : 1)) };
      for (const extra of [{}, { mask, missing: "impute" as const }]) {
        const { factors, provenance } = cpAls(x, 2, {
          constraints: [orthogonal(), nonNegative(), undefined],
          ...extra,
        });
        close(gram(factors[0]), tensor([2, 2], [1, 0, 0, 1]), 1e-10);
        expect(Math.min(...factors[1].data)).toBeGreaterThanOrEqual(0);
        expect(provenance.options.constraints).toEqual([
          { kind: "orthogonal" },
          { kind: "nonNegative", rounds: 5 },
          null,
        ]);
        const smooth = cpAls(x, 2, { constraints: [orthogonal(), orthogonal(), smoothAlong(50)], ...extra }).factors[2];
        const free = cpAls(x, 2, extra).factors[2],
          rough = (f: Matrix) =>
            Array.from(f.data.slice(2), (value, at) => (value - f.data[at]) ** 2).reduce((a, b) => a + b, 0);
        expect(rough(smooth)).toBeLessThan(rough(free) / 4);
      }
      const { data } = cpAls(x, 2, { constraints: [undefined, undefined, even] }).factors[2];
      for (let i = 0; i < 15; i++)
        for (let r = 0; r < 2; r++) expect(data[2 * i + r]).toBeCloseTo(data[2 * (29 - i) + r], 10);
    }, 3));
});

test("new slices of a known model are given back in its components, weights apart, with entries missing too", () =>
  sweep((draw) => {
    const cp: Cp = {
        weights: tensor([3], [5, 3, 2]),
        factors: [draw.normal([6, 3]), draw.normal([5, 3]), draw.normal([7, 3])],
      },
      mode = draw.int(0, 2),
      rows = draw.normal([4, 3]);
    const slices = cpToTensor({ weights: cp.weights, factors: cp.factors.map((f, n) => (n === mode ? rows : f)) });
    close(transform(cp, slices, mode), rows, 1e-9); // the condition of the other factors, squared
    const mask = { shape: slices.shape, data: Float64Array.from(slices.data, (_, at) => (at % 3 === 0 ? 0 : 1)) };
    mask.data.forEach((observed, at) => {
      if (observed === 0) slices.data[at] = NaN;
    });
    close(transform(cp, slices, mode, mask), rows, 1e-8);
  }));

test(
  "a run that does not converge says so, and singular normal equations " +
    "are solved by the pseudo-inverse, which is said",
  () => {
    const { normal } = random(1, "hard"),
      x = tensor([6, 6, 6], Array.from({ length: 216 }, normal));
    expect(cpAls(x, 4, { sweeps: 3 })).toMatchObject({ status: "exhausted", solver: "cholesky" });
    expect(
      cpAls(
        cpToTensor({
          weights: ones(1),
          factors: [tensor([3, 1], [1, 2, 3]), tensor([3, 1], [1, 1, 0]), tensor([3, 1], [2, 1, 0])],
        }),
        3,
      ),
    ).toMatchObject({ status: "degenerate", solver: "pseudo-inverse" });
  },
);

test("wrong calls say what is wrong", () => {
  const x = tensor(
      [3, 3, 3],
      Array.from({ length: 27 }, (_, at) => at % 5),
    ),
    start = [3, 3, 3].map(
      (n) =>
        tensor(
          [n, 2],
          Array.from({ length: 2 * n }, (_, at) => at),
        ) as Matrix,
    );
  const wrong: [() => unknown, string][] = [
    [() => cpAls(x, 10), "cpAls: expected rank to be a whole number from 1 to 9, got 10"],
    [
      () => cpAls(zeros([3, 0, 2]), 1),
      "cpAls: expected modes with at least one index, got shape (3 × 0 × 2), mode 1 being empty",
    ],
    [() => cpAls(x, 2, { mask: zeros([3, 3]) }), "cpAls: expected mask of shape (3 × 3 × 3), as x, got (3 × 3)"],
    [
      () => cpAls(x, 2, { mask: zeros([3, 3, 3]) }),
      "expected an observed entry in every slice, got a mask of zeros at index 0 of mode 0",
    ],
    [
      () => cpAls({ ...x, data: x.data.map((v, at) => (at === 13 ? NaN : v)) }, 2),
      "expected finite entries in x, got NaN at index [1, 1, 1]",
    ],
    [
      () => cpAls(x, 2, { start: [start[0], start[1], zeros([3, 1])] }),
      "expected start factors of shapes 3 × 2, 3 × 2, 3 × 2, got 3 × 2, 3 × 2, 3 × 1",
    ],
    [
      () => cpAls(x, 2, { start: "svd" as never }),
      'expected start to be "random", "hosvd", "nndsvd", factors or an earlier result, got "svd"',
    ],
    [() => cpAls(x, 2, { start, starts: 3 }), "expected one start where it is given, got 3 starts"],
    [() => cpAls(x, 2, { fixed: [1] }), "expected factors to start from where modes are fixed"],
    [() => cpAls(x, 2, { start, fixed: [0, 1, 2] }), "expected a mode that is not fixed"],
    [
      () => cpAls(x, 2, { constraints: [nonNegative(), nonNegative(), nonNegative(), nonNegative()] }),
      "expected at most 3 constraints, one per mode, got 4",
    ],
    [
      () => cpAls(x, 2, { method: { compress: true }, start }),
      "expected no start, fixed mode or constraint with method.compress",
    ],
    [
      () => cpAls(x, 4, { constraints: [orthogonal()] }),
      "cpAls: expected a rank of at most 3 with orthogonal columns in mode 0, got 4",
    ],
    [
      () => cpAls(x, 2, { constraints: [{ name: "mine", update: () => zeros([3, 1]) }] }),
      "expected the factor of mode 0 from the constraint mine of shape (3 × 2), got (3 × 1)",
    ],
    [
      () =>
        cpAls(x, 2, { constraints: [undefined, { name: "mine", update: () => tensor([3, 2], [1, 2, 3, NaN, 5, 6]) }] }),
      "expected finite entries in the factor of mode 1 from the constraint mine, got NaN at index [1, 1]",
    ],
    [
      () => transform({ weights: ones(2), factors: start }, zeros([3, 4, 3]), 0),
      "expected slices of shape any × 3 × 3, got 3 × 4 × 3",
    ],
    [
      () => transform({ weights: ones(2), factors: [start[0]] }, zeros([3]), 0),
      "transform: expected a model of two modes or more, got 1",
    ],
    [
      () => transform({ weights: ones(2), factors: start }, zeros([1, 3, 3]), 0, zeros([1, 3, 3])),
      "expected an observed entry in every new slice, got a mask of zeros at index 0",
    ],
    [() => cpFromArrays({ weights: ones(2) }), "expected arrays arr_0, arr_1, ..., got weights"],
    [
      () => cpToArrays({ weights: ones(2), factors: start }, "matlab" as never),
      'expected layout to be "tensorly" or "tensortools", got "matlab"',
    ],
    [
      () => componentVariance(zeros([3, 3, 3]), { weights: ones(2), factors: start }),
      "expected a tensor that is not zero",
    ],
    [
      () => cpDegeneracy({ weights: ones(2), factors: start }, { threshold: 0.5 }),
      "expected threshold to be a finite number above -1 and below 0, got 0.5",
    ],
    [() => smoothAlong(0), "smoothAlong: expected strength to be a finite number above 0, got 0"],
  ];
  for (const [call, message] of wrong) expect(call).toThrow(message);
});
