import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { last, LtrnnError } from "../../src/base";
import { FullRankRNN } from "../../src/models";
import { adam, chain, clipByNorm, lbfgs, optimizerFrom, type Evaluation, type LbfgsOptions } from "../../src/optim";
import { quasiNewton, withPair, type CurvaturePair } from "../../src/optim/curvature-pairs";
import { tensor, type Params, type Tensor } from "../../src/tensor";
import { networkObjective, train, type Objective, type Snapshot, type TrainOptions } from "../../src/train";
import { distance } from "../support/close";
import { sweep } from "../support/sweep";

type Vector = { readonly x: Tensor };
const vector = (entries: readonly number[]): Vector => ({ x: tensor([entries.length], [...entries]) });

/** A steady objective of one array, and how often it was evaluated. */
function counted(f: (x: Float64Array) => readonly [loss: number, gradient: ArrayLike<number>]) {
  const count = { evaluations: 0 };
  const objective = ({ x }: Vector): Evaluation => {
    count.evaluations++;
    const [loss, gradient] = f(x.data);
    return { loss, gradients: { x: tensor([x.data.length], Array.from(gradient)) } };
  };
  return { objective: Object.assign(objective, { steady: true }) as Objective<Vector>, count };
}

function rosenbrock(x: Float64Array): [number, number[]] {
  let loss = 0;
  const g = Array.from(x, () => 0);
  for (let i = 0; i + 1 < x.length; i++) {
    const bend = x[i + 1] - x[i] * x[i];
    loss += (1 - x[i]) ** 2 + 100 * bend * bend;
    g[i] += -2 * (1 - x[i]) - 400 * x[i] * bend;
    g[i + 1] += 200 * bend;
  }
  return [loss, g];
}
const quadratic = (x: Float64Array): [number, number[]] => {
  const scale = Array.from(x, (_, i) => 10 ** ((3 * i) / (x.length - 1)));
  return [scale.reduce((sum, s, i) => sum + (s * (x[i] - 1) ** 2) / 2, 0), scale.map((s, i) => s * (x[i] - 1))];
};
const powers = (x: Float64Array): [number, number[]] => [
  x.reduce((sum, p, i) => sum + (i + 1) * ((p - 0.5) ** 4 + p ** 2 / 2), 0),
  Array.from(x, (p, i) => (i + 1) * (4 * (p - 0.5) ** 3 + p)),
];
const functions: Record<string, typeof rosenbrock> = {
  "rosenbrock 2": rosenbrock,
  "rosenbrock 30": rosenbrock,
  "quadratic 40": quadratic,
  "powers 20": powers,
};

interface Oracle {
  readonly memory: number;
  readonly tolerance: number;
  readonly cases: Record<string, { start: number[]; scipy: Log; torch: Log }>;
}
interface Log {
  readonly evaluations: number;
  readonly reached: boolean;
}
const oracle = JSON.parse(readFileSync(new URL("../oracles/lbfgs.json", import.meta.url), "utf8")) as Oracle;

test.each(Object.entries(oracle.cases))(
  "%s: the end is found in no more evaluations than SciPy's and PyTorch's L-BFGS need, and a few",
  async (name, { start, scipy, torch }) => {
    const { objective, count } = counted(functions[name]),
      options = { optimizer: lbfgs({ memory: oracle.memory }), steps: 10_000, tolerance: oracle.tolerance };
    const end = await last(train(objective, vector(start), options));
    expect(end.status).toBe("converged");
    expect(end.reason).toBe(undefined);
    // paths differ by their line searches: a quarter more, and 5 for short runs
    const best = Math.min(...[scipy, torch].filter(({ reached }) => reached).map(({ evaluations }) => evaluations));
    expect(count.evaluations).toBeLessThanOrEqual(1.25 * best + 5);
    expect(count.evaluations / end.step).toBeLessThan(1.3);
  },
);

test("with exact line searches a quadratic of n dimensions ends in n steps, for any memory", async () => {
  const eigenvalues = [1, 3, 4, 7, 11, 20, 31, 50];
  const bowl = (x: Float64Array): [number, number[]] => [
    eigenvalues.reduce((sum, s, i) => sum + (s * (x[i] - i) ** 2) / 2, 0),
    eigenvalues.map((s, i) => s * (x[i] - i)),
  ];
  for (const memory of [1, 3, 8]) {
    const { objective } = counted(bowl),
      optimizer = lbfgs({ memory, curvature: 1e-13, decrease: 1e-14, evaluations: 60 });
    const norms = [];
    for await (const now of train(objective, vector([1, -1, 1, -1, 1, -1, 1, -1]), { optimizer, steps: 8, every: 1 }))
      norms.push(now.gradientNorm);
    expect(norms[7] / norms[0]).toBeGreaterThan(1e-4);
    expect(norms[8] / norms[0]).toBeLessThan(1e-7); // without memory of all steps, rounding costs conjugacy
    if (memory === 8) expect(norms[8] / norms[0]).toBeLessThan(1e-13);
  }
});

test("the two loops give minus the inverse Hessian of dense BFGS updates times the gradient", () =>
  sweep((draw) => {
    const n = draw.int(2, 7),
      scale = 0.1 + draw.uniform();
    let pairs: readonly CurvaturePair[] = [],
      inverse = Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_, j) => (i === j ? scale : 0)));
    for (let k = 0; k < 4; k++) {
      const s = draw.normal([n]).data,
        noise = draw.normal([n], 0.2).data,
        y = s.map((x, i) => 2 * x + noise[i]),
        sy = dot(s, y);
      if (sy <= 0) continue;
      pairs = withPair(pairs, 9, s, y);
      const left = inverse.map((_, i) => inverse.map((_, j) => (i === j ? 1 : 0) - (s[i] * y[j]) / sy));
      const inner = multiply(multiply(left, inverse), transposed(left)); // (I - s y' / s'y) H (I - y s' / s'y)
      inverse = inner.map((row, i) => row.map((entry, j) => entry + (s[i] * s[j]) / sy));
    }
    const g = draw.normal([n]).data,
      want = inverse.map((row) => -dot(Float64Array.from(row), g));
    expect(distance(quasiNewton(pairs, scale, g), want)).toBeLessThan(1e-10);
  }));
const dot = (p: Float64Array, q: Float64Array) => p.reduce((sum, x, i) => sum + x * q[i], 0);
const transposed = (m: number[][]) => m[0].map((_, j) => m.map((row) => row[j]));
const multiply = (p: number[][], q: number[][]) =>
  p.map((row) => q[0].map((_, j) => row.reduce((sum, x, k) => sum + x * q[k][j], 0)));

const model = FullRankRNN.random({ units: 12, inputs: 2, outputs: 1, gain: 0.9 }, 3),
  batch = {
    inputs: tensor(
      [6, 15, 2],
      Array.from({ length: 180 }, (_, i) => Math.sin(i * 1.7)),
    ),
    targets: tensor(
      [6, 15, 1],
      Array.from({ length: 90 }, (_, i) => 0.4 * Math.cos(i / 7)),
    ),
  },
  params = { w: model.params.w, wIn: model.params.wIn, readout: model.params.readout } as Params;

test(
  "a small network learns in fewer evaluations than Adam needs, " + "at little more than one evaluation a step",
  async () => {
    const network = networkObjective(model, batch);
    let evaluations = 0;
    const counting = (p: Params, step: number) => {
      evaluations++;
      return network(p, step);
    };
    const objective: Objective = Object.assign(counting, { steady: network.steady! });
    const end = await last(train(objective, params, { optimizer: lbfgs(), steps: 200 }));
    expect(evaluations / end.step).toBeLessThan(1.3);
    const slow = await last(train(network, params, { optimizer: adam(0.01), steps: 4 * evaluations }));
    expect(end.loss).toBeLessThan(slow.loss);
  },
);

test(
  "an evaluation is taken over to the bit where the objective " + "is steady, and made anew where it is not",
  async () => {
    const { objective, count } = counted(rosenbrock),
      start = vector([-1.2, 1]);
    const options = { optimizer: lbfgs(), steps: 12 };
    const steady = await last(train(objective, start, options)),
      few = count.evaluations;
    const anew = await last(train((p: Vector) => objective(p, 0), start, options));
    expect(count.evaluations - few).toBe(few + 12);
    expect([anew.params, anew.memory]).toEqual([steady.params, steady.memory]);
  },
);

test("curvature is that of one batch, where every step has another", async () => {
  // at step k the loss is (k + 1) (x - k)^2 / 2: a pair across two steps would mix their gradients
  const objective = ({ x }: Vector, step: number) => ({
    loss: ((step + 1) * (x.data[0] - step) ** 2) / 2,
    gradients: { x: tensor([1], [(step + 1) * (x.data[0] - step)]) },
  });
  for await (const { memory, step } of train(objective, vector([7]), { optimizer: lbfgs(), steps: 6, every: 1 })) {
    const { pairs } = memory as { pairs: readonly CurvaturePair[] };
    expect(pairs.length).toBe(step);
    for (const [k, { s, y }] of pairs.entries()) expect(y[0] / s[0]).toBeCloseTo(k + 1, 10);
  }
});

test("its memory is plain: a snapshot sent elsewhere goes on to the same bits, the optimizer unnamed", async () => {
  const run = (from: Params | Snapshot, options: TrainOptions) =>
    last(train(networkObjective(model, batch), from as Params, options));
  const whole = await run(params, { optimizer: lbfgs({ memory: 4 }), steps: 25 });
  const half = structuredClone(await run(params, { optimizer: lbfgs({ memory: 4 }), steps: 11 }));
  const rest = await run(half, { steps: 14 });
  expect([rest.params, rest.memory, rest.loss]).toEqual([whole.params, whole.memory, whole.loss]);
  const other = lbfgs({ memory: 2, curvature: 0.5 }); // no memory depends on these numbers
  expect((await run(half, { optimizer: other, steps: 3 })).memory).toMatchObject({ pairs: [{}, {}] });
  const broken = { ...half, memory: { ...(half.memory as object), names: ["w"] } };
  await expect(run(broken, { steps: 3 })).rejects.toThrow("train: expected start.memory to be that of lbfgs(4, 1");
});

test("where the loss is flat to rounding the run has converged, with a gradient at rounding level", async () => {
  const { objective } = counted((x) => {
    const [loss, gradient] = powers(x);
    return [loss + 1e4, gradient]; // differences below 1e-12 are lost, while the gradient is still 1e-6
  });
  const end = await last(
    train(objective, vector(Array.from({ length: 20 }, () => 3)), { optimizer: lbfgs(), steps: 500 }),
  );
  expect([end.status, end.reason]).toEqual(["converged", "the loss is flat to rounding along the gradient"]);
  expect(end.gradientNorm).toBeLessThan(1e-11);
  expect(structuredClone(end)).toEqual(end);
  const again = await last(train(objective, end, { steps: 5 }));
  expect([again.status, again.step]).toEqual(["converged", end.step]);
});

test("steps into infinity are taken back, and a loss that is finite nowhere else ends as diverged", async () => {
  const barrier = counted(([x]) => (x < 3 ? [-Math.log(3 - x) - x, [1 / (3 - x) - 1]] : [NaN, [NaN]])); // lowest at 2
  const far = { optimizer: lbfgs({ firstStep: 1e6, evaluations: 30 }), steps: 50, tolerance: 1e-9 };
  const end = await last(train(barrier.objective, vector([-5]), far));
  expect(end.status).toBe("converged");
  expect(end.params.x.data[0]).toBeCloseTo(2, 8);
  const island = counted(([x]) => (x === 0 ? [1, [1]] : [Infinity, [NaN]]));
  const lost = await last(train(island.objective, vector([0]), { optimizer: lbfgs() }));
  expect([lost.status, lost.reason, lost.step]).toEqual([
    "diverged",
    "the loss is nowhere finite along the gradient",
    0,
  ]);
  expect(lost.divergence).toEqual({ step: 1, reason: "the loss is nowhere finite along the gradient" });
});

test("a gradient that does not belong to the loss ends the run, and says so", async () => {
  const wrong = counted(([x]) => [x ** 2 / 2 + 1, [-x]]);
  const end = await last(train(wrong.objective, vector([2]), { optimizer: lbfgs(), steps: 9 }));
  expect([end.status, end.reason, end.step]).toEqual([
    "exhausted",
    "the loss rises where its gradient says that it falls: check the gradient",
    0,
  ]);
});

test("at a kink the run ends within a few evaluations of the lowest point", async () => {
  const kink = counted(([x, y]) => [Math.abs(x) + y ** 2 + 1, [Math.sign(x), 2 * y]]);
  const end = await last(train(kink.objective, vector([0.7, 2]), { optimizer: lbfgs(), steps: 200 }));
  expect(["converged", "exhausted"]).toContain(end.status);
  expect(end.step).toBeLessThan(200);
  expect(end.loss).toBeLessThan(1.01);
});

test("gradients of any finite size lead downhill", async () => {
  for (const unit of [1e-150, 1, 1e150]) {
    const { objective } = counted(([x, y]) => [unit * (x ** 2 + 3 * y ** 2) * 0.5, [unit * x, 3 * unit * y]]);
    const end = await last(train(objective, vector([4, -3]), { optimizer: lbfgs(), steps: 40 }));
    expect(end.loss / unit, `${unit}`).toBeLessThan(1e-12);
  }
});

test("pairs over other parameters than those with gradients now are forgotten", async () => {
  const bowl = ({ x, y }: Params, step: number): Evaluation => {
    const trained = step < 3 ? { x: x! } : { x: x!, y: y! };
    const entries = Object.values(trained).flatMap(({ data }) => [...data]);
    return { loss: entries.reduce((sum, z) => sum + z ** 4 / 4, 0), gradients: cubes(trained) };
  };
  const cubes = (of: Params): Params =>
    Object.fromEntries(
      Object.entries(of).map(([name, z]) => [
        name,
        tensor(
          [1],
          z!.data.map((v) => v ** 3),
        ),
      ]),
    );
  const sizes = [];
  for await (const { memory } of train(bowl, { x: tensor([1], [2]), y: tensor([1], [1]) } as Params, {
    optimizer: lbfgs(),
    steps: 5,
    every: 1,
  })) {
    const { names, pairs } = memory as { names: string[]; pairs: unknown[] };
    sizes.push([names.join(), pairs.length]);
  }
  expect(sizes).toEqual([
    ["", 0],
    ["x", 1],
    ["x", 2],
    ["x", 3],
    ["x,y", 1],
    ["x,y", 2],
  ]);
});

test("in a chain it stands alone; wrong calls are refused in its name", async () => {
  expect(chain(lbfgs()).searches).toBe(true);
  expect(() => chain(clipByNorm(1), lbfgs())).toThrow("chain: expected lbfgs(10, 1, 0.0001, 0.9, 20) alone");
  expect(() => chain(clipByNorm(1), chain(lbfgs()))).toThrow("alone");
  const twice = { kind: "chain", of: [lbfgs().description, lbfgs().description] };
  expect(() => optimizerFrom(twice)).toThrow("optimizerFrom: expected lbfgs");
  const alone = await last(train(counted(rosenbrock).objective, vector([-1.2, 1]), { optimizer: lbfgs(), steps: 9 })),
    chained = await last(
      train(counted(rosenbrock).objective, vector([-1.2, 1]), { optimizer: chain(lbfgs()), steps: 9 }),
    );
  expect(chained.params).toEqual(alone.params);
  const ended = await last(train(counted(rosenbrock).objective, vector([1, 1 + 1e-9]), { optimizer: chain(lbfgs()) }));
  expect(ended.status).toBe("converged"); // a chain passes the ending on
  const wrong: [LbfgsOptions, string][] = [
    [{ memory: 0 }, "lbfgs: expected memory to be a whole number of at least 1"],
    [{ firstStep: 0 }, "lbfgs: expected firstStep to be a finite number above 0"],
    [{ decrease: 0.3, curvature: 0.2 }, "lbfgs: expected curvature above decrease, 0.3, got 0.2"],
    [{ memry: 3 } as LbfgsOptions, "Did you mean memory?"],
  ];
  for (const [options, words] of wrong) expect(() => lbfgs(options), words).toThrow(words);
  const g = vector([1]);
  await expect(lbfgs().update(g, lbfgs().init(g), g)).rejects.toThrow("lbfgs: expected the loss and a way");
  await expect(
    lbfgs().update(g, {} as never, g, { loss: 1, evaluate: () => ({ loss: 1, gradients: g }) }),
  ).rejects.toThrow(LtrnnError);
  expect(() => optimizerFrom({ kind: "lbfgs", memory: 3 })).toThrow("optimizerFrom: expected firstStep in the");
});

test("an evaluation within a line search that is none is refused in the name of train", async () => {
  let calls = 0;
  const objective = (p: Vector) => (calls++ === 0 ? { loss: 1, gradients: p } : { loss: "1", gradients: p });
  await expect(last(train(objective as never, vector([1]), { optimizer: lbfgs() }))).rejects.toThrow(
    'train: expected an objective that returns { loss: a number, gradients }, got a loss that is "1"',
  );
});

test(
  "a loss that is computed in single precision ends where it is " + "flat to that, and no gradient is blamed",
  async () => {
    const network = networkObjective(model, batch, { precision: "float32" });
    const end = await last(train(network, { readout: params.readout } as Params, { optimizer: lbfgs(), steps: 400 }));
    expect(["converged", "exhausted"]).toContain(end.status);
    expect(end.step).toBeLessThan(400);
    expect(end.reason).toMatch(/flat/);
    const exact = await last(
      train(networkObjective(model, batch), { readout: params.readout } as Params, { optimizer: lbfgs(), steps: 400 }),
    );
    expect(end.loss / exact.loss - 1).toBeLessThan(0.01); // along valleys a millionth of the loss is far to go
  },
);
