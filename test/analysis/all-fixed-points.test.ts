import { describe, expect, test } from "vitest";
import {
  allFixedPoints,
  fixedPoints,
  FullRankRNN,
  LowRankRNN,
  LowTensorRankRNN,
  matmul,
  tensor,
  zeros,
  type FixedPoint,
  type Matrix,
  type Network,
} from "../../src";
import { cpuTime } from "../support/cpu-time";
import { draw, sweep, type Draw } from "../support/sweep";

/** Solve a square system of n rows in place, by Gauss and Jordan; false where a pivot is rounding. */
function solved(a: Float64Array, x: Float64Array, n: number): boolean {
  for (let k = 0; k < n; k++) {
    let best = k;
    for (let i = k + 1; i < n; i++) if (Math.abs(a[i * n + k]) > Math.abs(a[best * n + k])) best = i;
    if (Math.abs(a[best * n + k]) < 1e-11) return false;
    if (best !== k) {
      for (let j = k; j < n; j++) [a[k * n + j], a[best * n + j]] = [a[best * n + j], a[k * n + j]];
      [x[k], x[best]] = [x[best], x[k]];
    }
    for (let i = 0; i < n; i++) {
      const part = i === k ? 0 : a[i * n + k] / a[k * n + k];
      if (part === 0) continue;
      for (let j = k; j < n; j++) a[i * n + j] -= part * a[k * n + j];
      x[i] -= part * x[k];
    }
  }
  for (let i = 0; i < n; i++) x[i] /= a[i * n + i];
  return true;
}

/**
 * Fixed points of a relu network from all 2^N regions, `(I - W D) x = s`, without a thought of its rank: the equations
 * of active units among themselves, and what follows of the others.
 */
function bruteForce(w: Matrix, drive: Float64Array): Float64Array[] {
  const n = drive.length,
    points: Float64Array[] = [],
    system = new Float64Array(n * n),
    above = new Float64Array(n);
  for (let active = 0; active < 2 ** n; active++) {
    const on: number[] = [];
    for (let i = 0; i < n; i++) if ((active >> i) & 1) on.push(i);
    const count = on.length;
    for (let p = 0; p < count; p++) {
      above[p] = drive[on[p]];
      for (let q = 0; q < count; q++) system[p * count + q] = (p === q ? 1 : 0) - w.data[on[p] * n + on[q]];
    }
    if (!solved(system, above, count) || on.some((_, p) => above[p] <= 0)) continue;
    const x = drive.map((s, i) => on.reduce((sum, j, p) => sum + w.data[i * n + j] * above[p], s));
    on.forEach((i, p) => {
      x[i] = above[p];
    });
    if (x.every((value, i) => (active >> i) & 1 || value <= 0)) points.push(x);
  }
  return points;
}

const apart = (p: ArrayLike<number>, q: ArrayLike<number>) => {
  let most = 0,
    size = 1;
  for (let i = 0; i < p.length; i++) {
    most = Math.max(most, Math.abs(p[i] - q[i]));
    size = Math.max(size, Math.abs(q[i]));
  }
  return most / size;
};

/** The length of `-x + W phi(x) + drive`, relative to x. */
function offRest(
  w: Matrix,
  drive: Float64Array,
  { state: { data: x } }: Pick<FixedPoint, "state">,
  phi = (v: number) => Math.max(v, 0),
): number {
  const n = drive.length;
  let off = 0,
    size = 1;
  for (let i = 0; i < n; i++) {
    let sum = drive[i] - x[i];
    for (let j = 0; j < n; j++) sum += w.data[i * n + j] * phi(x[j]);
    off = Math.max(off, Math.abs(sum));
    size = Math.max(size, Math.abs(x[i]));
  }
  return off / size;
}

const relu = (m: Matrix, n: Matrix, bias: ArrayLike<number>): LowRankRNN =>
  new LowRankRNN(
    { m, n, wIn: zeros([m.shape[0], 0]), x0: zeros([1, m.shape[0]]), bias: tensor([m.shape[0]], bias) },
    { phi: "relu" },
  );

function agrees(model: Network, trial = 0, input?: Parameters<typeof allFixedPoints>[1]): number {
  const w = model.weights(trial),
    drive = model.params.bias?.data ?? new Float64Array(model.units),
    found = allFixedPoints(model, { trial, ...input }),
    points = bruteForce(w, drive);
  expect(found.status).toBe("converged");
  for (const x of points) expect(Math.min(...found.points.map(({ state }) => apart(state.data, x)))).toBeLessThan(1e-8);
  for (const point of found.points) expect(offRest(w, drive, point)).toBeLessThan(1e-11);
  expect(found.points.length).toBe(points.length);
  return points.length;
}

test("200 random relu networks of 12 units and rank 1 " +
  "to 3: the fixed points " +
  "of all 4096 regions, none missed, none invented", () => {
  let total = 0,
    most = 0;
  for (let seed = 1; seed <= 200; seed++) {
    const stream = draw(seed),
      rank = 1 + (seed % 3),
      count = agrees(relu(stream.normal([12, rank]), stream.normal([12, rank]), stream.normal([12]).data));
    total += count;
    most = Math.max(most, count);
  }
  expect(total).toBeGreaterThan(150);
  expect(most).toBeGreaterThanOrEqual(5);
}, 120_000);

describe("arrangements that are not in general position", () => {
  const integers = (stream: Draw, rows: number, columns: number): Matrix =>
    tensor(
      [rows, columns],
      Array.from({ length: rows * columns }, () => stream.int(-1, 1)),
    );

  test("units that change their slope at one place, on parallel planes, or not at all", () =>
    sweep((stream) => {
      const rank = stream.int(1, 3),
        bias = Array.from({ length: 9 }, () => stream.int(-2, 2) + 0.25);
      agrees(relu(integers(stream, 9, rank), stream.normal([9, rank], 0.6), bias));
    }, 60));

  test("units twice", () =>
    sweep((stream) => {
      const rank = stream.int(1, 3),
        half = stream.normal([5, rank]),
        bias = stream.normal([5]).data;
      const m = tensor([10, rank], [...half.data, ...half.data]);
      agrees(relu(m, stream.normal([10, rank], 0.6), [...bias, ...bias]));
    }));

  test("column factors of lower rank than they have columns", () =>
    sweep((stream) => {
      const m = matmul(stream.normal([9, 1]), stream.normal([1, 3]));
      agrees(relu(m, stream.normal([9, 3], 0.7), stream.normal([9]).data));
    }));

  test("without bias and input all planes meet in the origin: it rests, and is undecided", () =>
    sweep((stream) => {
      const rank = stream.int(1, 3),
        model = relu(stream.normal([10, rank]), stream.normal([10, rank]), new Float64Array(10));
      const { points, status } = allFixedPoints(model);
      expect(status).toBe("converged");
      expect(points.length).toBe(1);
      expect([...points[0].state.data].every((x) => x === 0)).toBe(true);
      expect(points[0].stability).toBe("marginal");
      expect(points[0].kinks.length).toBe(10);
    }));
});

test("full rank, a static part, several trials and inputs", () =>
  sweep((stream) => {
    const units = 7,
      full = FullRankRNN.random({ units, inputs: 0, phi: "relu", gain: 1.5 }, stream.seed);
    agrees(full.with({ params: { bias: stream.normal([units]) } }));
    const low = LowTensorRankRNN.random({ units, inputs: 2, rank: 1, trials: 3, phi: "relu" }, stream.seed).with({
      params: { c: stream.normal([3, 1], 3), bias: stream.normal([units]) },
    });
    for (const trial of [0, 1, 2]) agrees(low, trial);
    const w0 = matmul(stream.normal([units, 2], 0.7), stream.normal([2, units], 0.7));
    agrees(low.with({ params: { w0 } }), 2);
    // an input is a bias
    const input = stream.normal([2]),
      shift = matmul(low.params.wIn, { shape: [2, 1], data: input.data });
    const moved = low.with({
      params: {
        bias: tensor(
          [units],
          low.params.bias!.data.map((x, i) => x + shift.data[i]),
        ),
      },
    });
    const withInput = allFixedPoints(low, { trial: 1, input }).points,
      asBias = allFixedPoints(moved, { trial: 1 }).points;
    expect(withInput.length).toBe(asBias.length);
    withInput.forEach((point, k) => expect(apart(point.state.data, asBias[k].state.data)).toBeLessThan(1e-10));
  }));

test("a linear network has one region", () =>
  sweep((stream) => {
    const model = LowRankRNN.random({ units: 12, inputs: 1, rank: 3, phi: "identity" }, stream.seed);
    const bias = stream.normal([12]),
      { points, regions } = allFixedPoints(model.with({ params: { bias } }));
    expect([regions, points.length]).toEqual([1, 1]);
    expect(offRest(model.weights(), bias.data, points[0], (x) => x)).toBeLessThan(1e-12);
  }));

test("latent activity gives the state back, and the Jacobian's eigenvalues say what is stable", () =>
  sweep((stream) => {
    const rank = 2,
      model = relu(stream.normal([30, rank], 0.4), stream.normal([30, rank], 0.4), stream.normal([30]).data);
    for (const { state, kappa, stability, eigenvalues, unstable } of allFixedPoints(model).points) {
      const back = matmul(model.params.m, { shape: [rank, 1], data: kappa!.data });
      expect(
        apart(
          back.data.map((x, i) => x + model.params.bias!.data[i]),
          state.data,
        ),
      ).toBeLessThan(1e-11);
      expect(eigenvalues.real.length).toBe(rank);
      expect(stability).toBe(unstable > 0 ? "saddle" : "stable");
    }
  }));

test("what a search from random states finds is among them", () =>
  sweep((stream) => {
    const model = relu(stream.normal([15, 2]), stream.normal([15, 2]), stream.normal([15]).data),
      all = allFixedPoints(model).points;
    for (const { state } of fixedPoints(model, { starts: 40, spread: 3 }).points)
      expect(Math.min(...all.map((point) => apart(point.state.data, state.data)))).toBeLessThan(1e-8);
  }, 15));

describe("continua", () => {
  test("a line attractor of two units is one line in the region where both are active", () => {
    // x_1 = x_1 and x_2 = x_1 + 1 where both are above 0
    const w = tensor([2, 2], [1, 0, 1, 0]),
      model = new FullRankRNN({ w, wIn: zeros([2, 0]), x0: zeros([1, 2]), bias: tensor([2], [0, 1]) }, { phi: "relu" });
    const { points, continua } = allFixedPoints(model);
    const line = continua.find(({ active }) => active.includes(0));
    expect(line?.dimension).toBe(1);
    expect(line!.state.data[1]).toBeCloseTo(line!.state.data[0] + 1, 12);
    expect(line!.state.data[0]).toBeGreaterThanOrEqual(0);
    for (const { state } of points) expect(offRest(w, Float64Array.of(0, 1), { state })).toBeLessThan(1e-12);
  });

  test("a plane of a linear network", () => {
    const model = new FullRankRNN(
      {
        w: tensor([3, 3], [1, 0, 0, 0, 1, 0, 0, 0, 0.5]),
        wIn: zeros([3, 0]),
        x0: zeros([1, 3]),
        bias: tensor([3], [0, 0, 1]),
      },
      { phi: "identity" },
    );
    const { points, continua } = allFixedPoints(model);
    expect(points).toEqual([]);
    expect(continua.map(({ dimension }) => dimension)).toEqual([2]);
    expect(continua[0].state.data[2]).toBeCloseTo(2, 12);
  });

  test("a singular region whose system has no solution has none", () => {
    const model = new FullRankRNN(
      { w: tensor([1, 1], [1]), wIn: zeros([1, 0]), x0: zeros([1, 1]), bias: tensor([1], [1]) },
      { phi: "relu" },
    );
    const { status, points, continua } = allFixedPoints(model);
    expect([status, points, continua]).toEqual(["converged", [], []]);
  });
});

test("200 units of rank 2 have 20 101 regions, those of general position", () => {
  const found = allFixedPoints(LowRankRNN.random({ units: 200, inputs: 1, rank: 2, phi: "relu" }, 1), {
    input: tensor([1], [1]),
  });
  expect(found.regions).toBe(1 + 200 + (200 * 199) / 2);
  expect(structuredClone(found)).toEqual(found);
});

test("what would take too long is refused with advice, not begun", () => {
  const begin = cpuTime(),
    found = allFixedPoints(FullRankRNN.random({ units: 60, inputs: 1, phi: "relu" }, 1));
  expect(cpuTime() - begin).toBeLessThan(2000);
  expect(found.status).toBe("exhausted");
  expect(found.because).toMatch(/60 units cut 60 dimensions into more regions than .* Search with fixedPoints instead/);
  expect([found.points, found.regions]).toEqual([[], 0]);
  const small = LowRankRNN.random({ units: 30, inputs: 1, rank: 2, phi: "relu" }, 1);
  expect(allFixedPoints(small, { budget: 100 }).status).toBe("exhausted");
});

test("activations that are not linear below 0 and above are refused", () => {
  expect(() => allFixedPoints(LowRankRNN.random({ units: 5, inputs: 1, rank: 1 }, 1))).toThrow(
    "allFixedPoints: expected a network whose activation is linear below 0 " +
      "and above, such as relu or identity, got tanh",
  );
});

describe("sizes", () => {
  test("units that are hardly driven, and a bias that is a million times the others, change nothing", () =>
    sweep((stream) => {
      const rank = stream.int(1, 3),
        m = stream.normal([10, rank]),
        bias = stream.normal([10]).data;
      for (let r = 0; r < rank; r++) m.data[r] *= 1e-8;
      bias[1] *= 1e6;
      agrees(relu(m, stream.normal([10, rank]), bias));
    }));

  test("a bias in another unit gives the same points in that unit, to the last bits", () =>
    sweep((stream) => {
      const m = stream.normal([9, 2]),
        n = stream.normal([9, 2]),
        bias = stream.normal([9]).data,
        points = allFixedPoints(relu(m, n, bias)).points;
      for (const exponent of [-300, 300]) {
        const factor = 2 ** exponent,
          scaled = allFixedPoints(
            relu(
              m,
              n,
              bias.map((x) => factor * x),
            ),
          ).points;
        expect(scaled.map(({ stability }) => stability)).toEqual(points.map(({ stability }) => stability));
        scaled.forEach(({ state }, k) =>
          expect(
            apart(
              state.data.map((x) => x / factor),
              points[k].state.data,
            ),
          ).toBeLessThan(1e-13),
        );
      }
    }));
});
