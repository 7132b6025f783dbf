import { describe, expect, test } from "vitest";
import {
  allFixedPoints,
  followFixedPoints,
  LowRankRNN,
  LowTensorRankRNN,
  tensor,
  zeros,
  type FixedPointEvent,
  type FollowedFixedPoints,
  type Matrix,
} from "../../src";
import { dynamicsOf } from "../../src/analysis/dynamics";
import { distanceOf, piecewiseOf, sumsOf, systemOf } from "../../src/analysis/piecewise";
import { determinant, solveSmall } from "../../src/analysis/small-system";
import { cpuTime } from "../support/cpu-time";
import { draw, sweep } from "../support/sweep";

/** A relu network of column factors a, row factors b and a bias, over trials of given trial factors. */
function learning(a: Matrix, b: Matrix, c: Matrix, bias: ArrayLike<number>): LowTensorRankRNN {
  const units = a.shape[0];
  return new LowTensorRankRNN(
    { a, b, c, wIn: zeros([units, 0]), x0: zeros([1, units]), bias: tensor([units], bias) },
    { phi: "relu" },
  );
}
const column = (...values: number[]) => tensor([values.length, 1], values);
const told = ({ events }: FollowedFixedPoints) =>
  events.map(({ kind, trial, through }) => `${kind} at ${trial} through ${through}`);

describe("cases that can be solved by hand", () => {
  test("x = c relu(x) + 1 rests at 1 / (1 - c), which goes to infinity at c = 1", () => {
    const found = followFixedPoints(learning(column(1), column(1), column(0.2, 0.5, 1.5, 2), [1]));
    expect(told(found)).toEqual(["death at 2 through infinity"]);
    expect((found.events[0] as { place: number }).place).toBeCloseTo(0.5, 9);
    expect(found.branches.map(({ first, last }) => [first, last])).toEqual([[0, 1]]);
    expect(found.branches[0].points.map(({ state }) => state.data[0])).toEqual([1.25, 2]);
  });

  test("x = c relu(x) - 1 has an unstable point that comes from infinity at c = 1, beside the rest at -1", () => {
    const found = followFixedPoints(learning(column(1), column(1), column(0.5, 3), [-1]));
    expect(told(found)).toEqual(["birth at 1 through infinity"]);
    expect((found.events[0] as { place: number }).place).toBeCloseTo(0.2, 9);
    expect(found.branches.map(({ points }) => points.map(({ stability }) => stability))).toEqual([
      ["stable", "stable"],
      ["unstable"],
    ]);
    expect(found.branches[1].points[0].state.data[0]).toBeCloseTo(0.5, 12);
  });

  // kappa = c (2 relu(kappa - 1) - 2 relu(kappa - 2)): a step from 0 to 2 c between 1 and 2
  const step = (...c: number[]) => learning(column(1, 1), column(2, -2), column(...c), [-1, -2]);

  test("a step: the upper state and the threshold are born in a fold at c = 1, and die in it", () => {
    const found = followFixedPoints(step(0.5, 1.5, 2, 0.8));
    expect(told(found)).toEqual([
      "birth at 1 through fold",
      "birth at 1 through fold",
      "death at 3 through fold",
      "death at 3 through fold",
    ]);
    const [birth, other, death] = found.events as readonly unknown[] as {
      place: number;
      branch: number;
      partner: number;
    }[];
    expect(birth.place).toBeCloseTo(0.5, 9);
    expect(death.place).toBeCloseTo(1 - (1 - 0.8) / (2 - 0.8), 9);
    expect([birth.partner, other.partner]).toEqual([other.branch, birth.branch]);
    const c = 1.5,
      at = found.branches.map(({ points }) => [points[0].kappa!.data[0], points[0].stability] as const);
    expect(at[0]).toEqual([0, "stable"]);
    expect(at[1][0]).toBeCloseTo((2 * c) / (2 * c - 1), 12);
    expect(at[2][0]).toBeCloseTo(2 * c, 12);
    expect([at[1][1], at[2][1]]).toEqual(["saddle", "stable"]);
    expect(found.branches.map(({ first, last }) => [first, last])).toEqual([
      [0, 3],
      [1, 2],
      [1, 2],
    ]);
  });

  test("no trial between: a fold back and forth on the way is two folds, not one path", () => {
    // kappa = c f(kappa) + bias in the plane: the state jumps from below 1 to above 2 over two folds
    const a = tensor([2, 2], [1, 1, 1, 1]),
      b = tensor([2, 2], [1.5, 0, -1.5, 0]);
    // a drive that changes over trials: a third unit, always at 1, feeds both by the second component
    const withDrive = learning(
      tensor([3, 2], [...a.data, 0, 0]),
      tensor([3, 2], [...b.data, 0, 1]),
      tensor([2, 2], [1, 0, 1, 2.2]),
      [-1, -2, 1],
    );
    const found = followFixedPoints(withDrive);
    expect(told(found)).toEqual(["death at 1 through fold", "birth at 1 through fold"]);
    expect(found.events.every((event) => event.kind !== "stability" && event.partner === undefined)).toBe(true);
  });

  test("a complex pair crosses the imaginary axis: stability changes, and the point stays", () => {
    // both units active: latent Jacobian -1 + c [[1, 1], [-1, 1]]
    const found = followFixedPoints(
      learning(
        tensor([2, 2], [1, 0, 0, 1]),
        tensor([2, 2], [1, -1, 1, 1]),
        tensor([2, 2], [0.9, 0.9, 1.2, 1.2]),
        [-10, 2],
      ),
    );
    // beside it, x_1 = 10 / (c - 1) alone comes from infinity at c = 1
    expect(told(found)).toEqual(["stability at 1 through complex pair", "birth at 1 through infinity"]);
    const event = found.events[0] as Extract<FixedPointEvent, { kind: "stability" }>;
    expect([event.kind, event.from, event.to, event.unstable, event.through]).toEqual([
      "stability",
      "stable",
      "unstable",
      [0, 2],
      "complex pair",
    ]);
  });

  test("a slope that never reaches 1 folds nothing, and the origin of a network without bias stays where it is", () => {
    const found = followFixedPoints(learning(column(1), column(-1), column(3, 1), [1]));
    expect(found.events).toEqual([]);
    // without a bias the origin rests on a kink at every trial
    const origin = followFixedPoints(learning(column(1), column(1), column(0.5, 2), [0]));
    expect(origin.events).toEqual([]);
    expect(origin.branches.length).toBe(1);
  });
});

/** Random networks whose trial factors walk. */
function walking(seed: number, trials = 10, units = 20): LowTensorRankRNN {
  const stream = draw(seed),
    rank = 1 + (seed % 3),
    c = stream.normal([trials, rank]);
  for (let k = 1; k < trials; k++)
    for (let r = 0; r < rank; r++) c.data[k * rank + r] = c.data[(k - 1) * rank + r] + 0.6 * c.data[k * rank + r];
  return learning(stream.normal([units, rank]), stream.normal([units, rank]), c, stream.normal([units]).data);
}

test("branches hold the fixed points of every trial, each once", () =>
  sweep(({ seed }) => {
    const model = walking(seed),
      { branches, trials } = followFixedPoints(model);
    trials.forEach((trial, k) => {
      const here = branches
        .filter(({ first, last }) => first <= k && k <= last)
        .map(({ first, points }) => points[k - first]);
      const all = allFixedPoints(model, { trial }).points;
      expect(here.length).toBe(all.length);
      for (const point of all)
        expect(
          here.filter(({ state }) =>
            state.data.every((x, i) => Math.abs(x - point.state.data[i]) < 1e-9 * (1 + Math.abs(x))),
          ).length,
        ).toBe(1);
    });
  }));

/** The index of a fixed point: the sign of det(I - W D), which is that of the product of -tau times its eigenvalues. */
function indexOf(model: LowTensorRankRNN, trial: number, state: Float64Array): number {
  const { a, b, c } = model.params,
    [units, rank] = a.shape,
    system = new Float64Array(rank * (rank + 1));
  for (let r = 0; r < rank; r++)
    for (let s = 0; s < rank; s++) {
      let sum = 0;
      for (let i = 0; i < units; i++) if (state[i] > 0) sum += b.data[i * rank + r] * a.data[i * rank + s];
      system[r * (rank + 1) + s] = (r === s ? 1 : 0) - c.data[trial * rank + r] * sum;
    }
  return Math.sign(determinant(system, rank));
}

test("200 networks: every path ends somewhere, births " +
  "and deaths are of " +
  "opposite index in a fold, and indices sum up", () => {
  const seen = new Map<string, number>();
  for (let seed = 1; seed <= 200; seed++) {
    const model = walking(seed, 6),
      { branches, events, trials } = followFixedPoints(model);
    const index = (branch: number, k: number) =>
      indexOf(model, trials[k], branches[branch].points[k - branches[branch].first].state.data);
    for (const event of events) {
      seen.set(`${event.kind} ${event.through}`, (seen.get(`${event.kind} ${event.through}`) ?? 0) + 1);
      expect(event.through).not.toBe("unknown");
      if (event.kind === "stability" || event.partner === undefined) continue;
      const k = event.kind === "birth" ? event.index : event.index - 1;
      expect(event.through).toBe("fold");
      expect(index(event.branch, k) + index(event.partner, k)).toBe(0);
    }
    // the sum of indices changes only by points that pass infinity
    for (let k = 1; k < trials.length; k++) {
      const sum = (at: number) =>
        branches.reduce((total, { first, last }, i) => (first <= at && at <= last ? total + index(i, at) : total), 0);
      const passing = (kind: "birth" | "death", at: number) =>
        events
          .filter((event) => event.index === k && event.kind === kind && event.through === "infinity")
          .reduce((total, { branch }) => total + index(branch, at), 0);
      expect(sum(k) - passing("birth", k)).toBe(sum(k - 1) - passing("death", k - 1));
    }
    for (const { first, last } of branches) {
      for (let k = first; k < last; k++) {
        // a path without folds keeps its index
        expect(
          index(
            branches.findIndex((b) => b.first === first && b.last === last),
            k,
          ),
        ).toBe(
          index(
            branches.findIndex((b) => b.first === first && b.last === last),
            k + 1,
          ),
        );
      }
    }
  }
  for (const kind of [
    "birth fold",
    "death fold",
    "birth infinity",
    "death infinity",
    "stability border",
    "stability complex pair",
  ])
    expect(seen.get(kind) ?? 0, kind).toBeGreaterThan(0);
}, 60_000);

test(
  "units that are there twice change their side at the same place, and " +
    "the story is that of one with twice the weight",
  () =>
    sweep(({ seed }) => {
      const { params } = walking(seed, 6, 10),
        { a, b, bias } = params,
        rank = a.shape[1],
        twice = (x: Matrix) => tensor([20, rank], [...x.data, ...x.data]);
      const doubled = followFixedPoints(learning(twice(a), twice(b), params.c, [...bias!.data, ...bias!.data])),
        single = followFixedPoints(
          learning(
            a,
            tensor(
              [10, rank],
              b.data.map((x) => 2 * x),
            ),
            params.c,
            bias!.data,
          ),
        );
      const story = ({ events, branches }: FollowedFixedPoints) => [
        ...events.map(({ kind, index, through }) => [kind, index, through]),
        ...branches.map(({ first, last }) => [first, last]),
      ];
      expect(story(doubled).map(String).sort()).toEqual(story(single).map(String).sort());
    }, 60),
);

test("backwards, births are deaths", () =>
  sweep(({ seed }) => {
    const model = walking(seed, 8),
      there = followFixedPoints(model),
      back = followFixedPoints(model, { trials: there.trials.toReversed() });
    const count = ({ events }: FollowedFixedPoints, kind: string, through: string) =>
      events.filter((event) => event.kind === kind && event.through === through).length;
    for (const through of ["fold", "infinity"]) {
      expect(count(back, "birth", through)).toBe(count(there, "death", through));
      expect(count(back, "death", through)).toBe(count(there, "birth", through));
    }
    expect(count(back, "stability", "complex pair")).toBe(count(there, "stability", "complex pair"));
    expect(back.branches.length).toBe(there.branches.length);
  }));

test("finer trials tell the same story: branches that end are those that end", () =>
  sweep(({ seed }) => {
    const model = walking(seed, 4),
      rank = model.rank,
      { c } = model.params,
      fine = zeros([31, rank]);
    for (let k = 0; k < 31; k++)
      for (let r = 0; r < rank; r++) {
        const step = Math.min(2, Math.floor(k / 10)),
          part = k / 10 - step;
        fine.data[k * rank + r] = (1 - part) * c.data[step * rank + r] + part * c.data[(step + 1) * rank + r];
      }
    const coarse = followFixedPoints(model),
      finely = followFixedPoints(model.with({ params: { c: fine } }));
    // who lives from the first trial to the last is the same
    const lasting = ({ branches }: FollowedFixedPoints, last: number) =>
      branches
        .filter((branch) => branch.first === 0 && branch.last === last)
        .map(({ points }) =>
          [points[0], points[points.length - 1]].map(({ state }) => state.data[0].toFixed(8)).join(" "),
        )
        .sort();
    expect(lasting(finely, 30)).toEqual(lasting(coarse, 3));
  }));

test("rank 2, 200 units, 100 trials: within a minute on a loaded machine", () => {
  const begin = cpuTime(),
    found = followFixedPoints(walking(4, 100, 200));
  expect(cpuTime() - begin).toBeLessThan(6000); // about 300
  expect(found.regions).toBe(20_101);
  expect(found.events.length).toBeGreaterThan(0);
  expect(structuredClone(found)).toEqual(found);
}, 90_000);

test("networks whose weights do not change have one trial; wrong calls say what was wrong", () => {
  const low = LowRankRNN.random({ units: 9, inputs: 1, rank: 1, phi: "relu" }, 1);
  expect(followFixedPoints(low).trials).toEqual([0]);
  const model = walking(1);
  expect(() => followFixedPoints(model, { trials: [0, 10] })).toThrow(
    "followFixedPoints: expected trials[1] to be a whole number from 0 to 9, got 10",
  );
  expect(() => followFixedPoints(model, { trials: [1, 2, 1] })).toThrow(
    "expected every trial of trials once, got 1 that is",
  );
  const little = followFixedPoints(model, { budget: 1 });
  expect([little.status, little.branches, little.events]).toEqual(["exhausted", [], []]);
  expect(little.because).toContain("Search with fixedPoints instead");
  expect(() => followFixedPoints(model.with({ phi: "softplus" }))).toThrow("got softplus");
});

test("det(M') d' = det(M) d on both sides of a hyperplane, at any weights: it says whether a path folds there", () =>
  sweep((stream) => {
    const model = walking(stream.seed),
      dynamics = dynamicsOf("test", model, undefined),
      problem = piecewiseOf("test", dynamics, "relu", [stream.int(0, 9)]),
      { size, planes } = problem,
      sides = Uint8Array.from({ length: planes.count }, () => stream.int(0, 1)),
      plane = stream.int(0, planes.count - 1);
    const products = [0, 1].map((side) => {
      sides[plane] = side;
      const system = systemOf(problem, problem.maps[0], sumsOf(problem, sides), new Float64Array(size * (size + 1))),
        factor = determinant(system.slice(), size);
      solveSmall(system, size);
      return (
        factor *
        distanceOf(
          problem,
          plane,
          Float64Array.from({ length: size }, (_, l) => system[l * (size + 1) + size]),
        )
      );
    });
    expect(Math.abs(products[0] - products[1])).toBeLessThan(1e-9 * (1 + Math.abs(products[0])));
  }));
