import { describe, expect, test } from "vitest";
import { LtrnnError } from "../../src/base";
import { coupledCp, coupledCpSweeps, type CoupledCpResult, type CoupledOptions } from "../../src/coupled";
import { fromJson, loadResult, saveResult, toJson } from "../../src/data";
import { nonNegative, orthogonal, unimodal } from "../../src/decompose";
import { cpToTensor, factorMatchScore, type Cp } from "../../src/factored";
import { norm, subtract, tensor, type Matrix, type Tensor } from "../../src/tensor";
import { oracle } from "../support/oracle";
import { draw as drawOf, sweep, type Draw } from "../support/sweep";

const ones = (rank: number) => tensor([rank], new Array<number>(rank).fill(1));

/** A tensor of three modes whose mode 1 is shared, and a matrix whose mode 0 is. */
function planted(draw: Draw, rank: number, noise = 0, scale = 1) {
  const common = draw.normal([12, rank]),
    first: Cp = { weights: ones(rank), factors: [draw.normal([7, rank]), common, draw.normal([8, rank])] },
    second: Cp = { weights: ones(rank), factors: [common, draw.normal([9, rank], scale)] };
  const tensors = [first, second].map((cp): Tensor => {
    const x = cpToTensor(cp);
    return { shape: x.shape, data: x.data.map((value) => value + noise * draw.normal([1]).data[0]) };
  });
  return { common, first, second, tensors };
}
const errorOf = (x: Tensor, cp: Cp) => norm(subtract(cpToTensor(cp), x)) / norm(x);
const score = (f: Matrix, g: Matrix) =>
  factorMatchScore({ weights: ones(f.shape[1]), factors: [f] }, { weights: ones(g.shape[1]), factors: [g] });

test("planted factors are found, the shared one is one matrix, and a matrix beside a tensor becomes unique", () => {
  sweep((draw) => {
    const { common, second, tensors } = planted(draw, 3),
      found = coupledCp(tensors, [1, 0], 3, { sweeps: 3000, tolerance: 1e-12 });
    expect(found.relativeError).toBeLessThan(1e-5);
    expect(score(found.shared, common)).toBeGreaterThan(0.999);
    expect(factorMatchScore(found.models[1], second)).toBeGreaterThan(0.999); // a matrix alone would be rotated
    found.models.forEach((model, i) => {
      expect(model.factors[[1, 0][i]]).toEqual(found.shared);
      expect(errorOf(tensors[i], model)).toBeCloseTo(found.errors[i], 9);
    });
  }, 4);
});
test("the weighted error never rises, and is that of the models; weights say which tensor counts", () => {
  const { tensors } = planted(drawOf(3), 2, 0.5, 100),
    states = [...coupledCpSweeps(tensors, [1, 0], 2, { starts: 1, sweeps: 60, tolerance: 0 })];
  states.slice(1).forEach((now, i) => expect(now.relativeError).toBeLessThanOrEqual(states[i].relativeError));
  const end = states[states.length - 1],
    errors = end.models.map((model, i) => errorOf(tensors[i], model));
  expect(Math.sqrt((errors[0] ** 2 + errors[1] ** 2) / 2)).toBeCloseTo(end.relativeError, 10);
  const [one, other] = [
    [1, 100],
    [100, 1],
  ].map((weights) => coupledCp(tensors, [1, 0], 2, { weights }));
  expect(one.errors[1]).toBeLessThan(other.errors[1]);
  expect(other.errors[0]).toBeLessThan(one.errors[0]);
});
test("what is missing is never read, and filled in", () => {
  const draw = drawOf(5),
    { tensors } = planted(draw, 2),
    mask = tensor(
      tensors[0].shape,
      Array.from(tensors[0].data, () => (draw.uniform() < 0.2 ? 0 : 1)),
    ),
    holed = { shape: tensors[0].shape, data: tensors[0].data.map((value, i) => (mask.data[i] ? value : NaN)) },
    found = coupledCp([holed, tensors[1]], [1, 0], 2, { masks: [mask, undefined], sweeps: 3000, tolerance: 1e-11 });
  expect(errorOf(tensors[0], found.models[0])).toBeLessThan(1e-4);
});
test("a start goes on where it was, constraints hold, and one seed gives one result", () => {
  const { tensors } = planted(drawOf(7), 2, 0.3),
    half = coupledCp(tensors, [1, 0], 2, { starts: 1, sweeps: 10, tolerance: 0 }),
    more = coupledCp(tensors, [1, 0], 2, { start: structuredClone(half), sweeps: 5, tolerance: 0 });
  expect(more.trace[0]).toBeLessThanOrEqual(half.relativeError + 1e-12);
  const positive = coupledCp(tensors, [1, 0], 2, { constraints: { shared: nonNegative() } });
  expect(Math.min(...positive.shared.data)).toBeGreaterThanOrEqual(0);
  expect(coupledCp(tensors, [1, 0], 2, { sweeps: 5 })).toEqual(coupledCp(tensors, [1, 0], 2, { sweeps: 5 }));
});
describe("an earlier result goes on to the same bits as a run never stopped", () => {
  const { tensors } = planted(drawOf(11), 3, 0.4, 30),
    coins = drawOf(12),
    mask: Tensor = { shape: tensors[0].shape, data: tensors[0].data.map(() => (coins.uniform() < 0.15 ? 0 : 1)) },
    copies = [
      (result: CoupledCpResult) => structuredClone(result),
      (result: CoupledCpResult) => fromJson<CoupledCpResult>(toJson(result)),
      (result: CoupledCpResult) => loadResult<CoupledCpResult>(saveResult(result)),
    ];
  const stateOf = ({ trace, sweeps, starts, provenance, ...state }: CoupledCpResult) => state;
  const cases: [string, readonly Tensor[], CoupledOptions][] = [
    ["extrapolated", tensors, {}],
    ["weighted", tensors, { weights: [1, 5] }],
    ["with entries missing", tensors, { masks: [mask, undefined] }],
    ["in an extreme unit", tensors.map((x, i) => ({ ...x, data: x.data.map((v) => v * 2 ** (i ? 800 : -800)) })), {}],
    ["under constraints", tensors, { constraints: { shared: nonNegative(), own: unimodal() } }],
    ["with orthogonal columns", tensors, { constraints: { shared: orthogonal() } }],
  ];
  test.each(cases)("%s, at every sweep", (_, x, more) => {
    const options = { ...more, starts: 1, tolerance: 0, seed: 2 },
      states = [...coupledCpSweeps(x, [1, 0], 3, { ...options, sweeps: more.constraints ? 12 : 24 })],
      end = states.length - 1;
    expect(states.length).toBe(more.constraints ? 12 : 24);
    if (!more.constraints) {
      expect(states.some(({ extrapolation }) => extrapolation.length > 0)).toBe(true);
    }
    for (let stop = 0; stop < end; stop++) {
      const start = copies[stop % 3](states[stop]),
        one = coupledCpSweeps(x, [1, 0], 3, { ...more, start, tolerance: 0, sweeps: 2 }).next().value;
      expect(one.raw).toEqual(states[stop + 1].raw);
      expect(one.extrapolation).toEqual(states[stop + 1].extrapolation);
      expect(one.errors).toEqual(states[stop + 1].errors);
      if (stop % 7 > 0) continue;
      const rest = coupledCp(x, [1, 0], 3, { ...more, start, tolerance: 0, sweeps: end - stop });
      expect(stateOf(rest)).toEqual(stateOf(states[end]));
      expect([...states[stop].trace, ...rest.trace]).toEqual(states[end].trace);
    }
  });
  test("after several starts were compared", () => {
    const options = { starts: 4, tolerance: 0, seed: 2, sweeps: 120 },
      states = [...coupledCpSweeps(tensors, [1, 0], 3, options)],
      end = states[states.length - 1],
      alone = states.filter(({ stage }) => stage === "sweeps");
    expect(states[0].stage).toBe("start");
    expect(alone.length).toBeGreaterThan(10);
    for (const start of alone.slice(0, -1)) {
      const rest = coupledCp(tensors, [1, 0], 3, { start, tolerance: 0, sweeps: 120 - start.sweeps });
      expect(stateOf(rest)).toEqual(stateOf(end));
    }
  });
  test("of other tensors, weights or constraints its models are the start, and nothing else", () => {
    const half = coupledCp(tensors, [1, 0], 3, { starts: 1, sweeps: 12, tolerance: 0 }),
      bare = { models: half.models } as CoupledCpResult,
      doubled = tensors.map(({ shape, data }, i) => ({ shape, data: data.map((v) => (i ? 2 * v : v)) }));
    for (const [x, options] of [
      [doubled, {}],
      [tensors, { weights: [1, 2] }],
      [tensors, { constraints: { own: nonNegative() } }],
    ] as const) {
      const [a, b] = [half, bare].map((start) => coupledCp(x, [1, 0], 3, { ...options, start, sweeps: 3 }));
      expect(a).toEqual(b);
    }
  });
  test("one that was changed by hand is refused", () => {
    const half = coupledCp(tensors, [1, 0], 3, { starts: 1, sweeps: 3 }),
      { extrapolation, raw } = half;
    for (const [changes, text] of [
      [{ raw: raw.slice(1) }, "start.raw to be 4 matrices"],
      [{ raw: [...raw.slice(1), raw[0]] }, "start.raw[0] of shape 7 × 3"],
      [{ extrapolation: null }, "start.extrapolation to be a record"],
      [{ extrapolation: { ...extrapolation, of: 3 } }, "start.extrapolation.of to be 2 numbers"],
      [{ extrapolation: { ...extrapolation, previous: [] } }, "start.extrapolation.previous to be 4 matrices"],
      [{ extrapolation: { ...extrapolation, drops: [NaN, 1] } }, "start.extrapolation.drops to be two numbers"],
      [{ extrapolation: { ...extrapolation, length: Infinity } }, "start.extrapolation.length"],
      [{ errors: [1] }, "start.errors to be 2 numbers"],
      [{ relativeError: NaN }, "start.relativeError of at least 0"],
    ] as const) {
      const work = () => coupledCp(tensors, [1, 0], 3, { start: { ...half, ...changes } as never });
      expect(work).toThrow(LtrnnError);
      expect(work).toThrow(text);
    }
  });
});
test("wrong calls are refused", () => {
  const { tensors } = planted(drawOf(1), 2);
  for (const [work, text] of [
    [() => coupledCp(tensors, [0, 0], 2), "7 indices in every shared mode"],
    [() => coupledCp(tensors, [1], 2), "2 shared modes"],
    [() => coupledCp([], [], 2), "array of one or more"],
    [() => coupledCp(tensors, [1, 0], 2, { weights: [1] }), "2 weights, one per tensor"],
    [() => coupledCp(tensors, [1, 0], 2, { start: coupledCp(tensors, [1, 0], 1) }), "the shared one last"],
  ] as const) {
    expect(work).toThrow(LtrnnError);
    expect(work).toThrow(text);
  }
});

test("sweeps that crawl are extrapolated: collinear components in a fifth of the sweeps, and errors never rise", () => {
  const draw = drawOf(4),
    alike = (rows: number) => {
      const f = draw.normal([rows, 2]);
      for (let i = 0; i < rows; i++) f.data[2 * i + 1] = f.data[2 * i]! + 0.25 * f.data[2 * i + 1]!;
      return f;
    },
    common = alike(12),
    tensors = [
      cpToTensor({ weights: ones(2), factors: [alike(7), common, alike(8)] }),
      cpToTensor({ weights: ones(2), factors: [common, alike(9)] }),
    ],
    options = { starts: 1, seed: 1, tolerance: 0 },
    found = coupledCp(tensors, [1, 0], 2, { ...options, sweeps: 200 }),
    count = found.trace.findIndex((error) => error < 1e-4),
    plain = coupledCp(tensors, [1, 0], 2, { ...options, accelerate: false, sweeps: 5 * count });
  for (const { trace } of [found, plain])
    trace.slice(1).forEach((error, i) => expect(error).toBeLessThanOrEqual(trace[i]!));
  expect(score(found.shared, common)).toBeGreaterThan(0.999);
  expect(count).toBeGreaterThan(0);
  expect(plain.relativeError).toBeGreaterThan(1e-4);
});

test("errors are those of the best of eight runs of plain alternating least squares in numpy, or lower", () => {
  for (const { tensors, rank, weights, least } of oracle("coupled").cases) {
    const shared = tensors.map(() => 0),
      found = coupledCp(tensors, shared, rank, { weights, starts: 6, sweeps: 4000, tolerance: 1e-12 });
    expect(found.relativeError ** 2).toBeLessThan(least * (1 + 1e-8));
    // of the models that are handed back
    const squares = found.models.map((cp, k) => weights[k] * errorOf(tensors[k], cp) ** 2),
      sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
    expect(Math.abs(sum(squares) / sum(weights) - found.relativeError ** 2)).toBeLessThan(1e-12);
  }
});
