import { expect, test } from "vitest";
import { advice, random } from "../../src/base";
import { fromJson, toJson } from "../../src/data";
import { startCp } from "../../src/decompose";
import { cpToTensor, factorMatchScore, type Cp } from "../../src/factored";
import { gcp, gcpOptionsFrom, gcpSteps, type GcpLoss, type GcpOptions } from "../../src/gcp";
import { tensor, type Tensor } from "../../src/tensor";
import { close } from "../support/close";

/** Counts around a positive model, whose mean is 2. */
function counts(shape: readonly number[], rank: number, seed: number): readonly [Tensor, Cp] {
  const { uniform, normal } = random(seed, "counts"),
    factors = shape.map((size) =>
      tensor(
        [size, rank],
        Array.from({ length: size * rank }, () => Math.exp(normal())),
      ),
    ),
    raw = cpToTensor({ weights: tensor([rank], new Array<number>(rank).fill(1)), factors }),
    mean = raw.data.reduce((sum, m) => sum + m, 0) / raw.data.length;
  const x = raw.data.map((m) => {
    let count = 0;
    for (let p = uniform(), limit = Math.exp((-2 * m) / mean); p > limit; p *= uniform()) count++;
    return count;
  });
  return [tensor(shape, x), { weights: tensor([rank], new Array<number>(rank).fill(1)), factors }];
}

const [x] = counts([6, 5, 7], 2, 1),
  binary = tensor(
    [6, 5, 7],
    x.data.map((count) => Math.min(1, count)),
  ),
  real = tensor(
    [6, 5, 7],
    x.data.map((count, i) => count - 2 + Math.sin(i)),
  );

test.each<[string, Tensor, GcpOptions]>([
  ["gaussian", real, {}],
  ["poisson", x, { loss: "poisson" }],
  ["poissonLog", x, { loss: "poissonLog" }],
  ["bernoulli", binary, { loss: "bernoulli" }],
  ["bernoulliLogit", binary, { loss: "bernoulliLogit" }],
  ["negativeBinomial", x, { loss: { kind: "negativeBinomial", failures: 3 } }],
  ["gamma", x, { loss: "gamma" }],
  ["huber", real, { loss: { kind: "huber", threshold: 1 } }],
  ["beta", x, { loss: { kind: "beta", beta: 0.5 } }],
])("starts from singular vectors are on the scale of the model: %s", (_, data, options) => {
  for (const start of ["hosvd", "nndsvd"] as const) {
    const end = gcp(data, 2, { ...options, start, steps: 12 }),
      drawn = gcp(data, 2, { ...options, start: "random", steps: 12 });
    expect(end.trace[0]).toBeLessThan(drawn.trace[0]!);
    expect(end.provenance.options.start).toBe(start);
    expect(gcp(data, 2, gcpOptionsFrom(end.provenance))).toEqual(end);
  }
});

test("the start of the squared error is startCp itself, where it is not clipped", () => {
  const end = gcp(real, 2, { start: "hosvd", steps: 1 }),
    given = startCp(real, 2);
  const error = cpToTensor(given).data.reduce((sum, m, i) => sum + (m - real.data[i]!) ** 2, 0) / real.data.length;
  expect(end.trace[0]).toBeCloseTo(error, 10);
  const positive = gcp(x, 2, { start: "nndsvd", bounds: [{ least: 0 }, { least: 0 }, { least: 0 }], steps: 1 }),
    from = gcp(x, 2, { start: startCp(x, 2, { kind: "nndsvd" }), steps: 1 });
  expect(positive.trace[0]).toBeCloseTo(from.trace[0]!, 10);
});

test("several starts are compared, and the one that is left goes on as if it had been alone", () => {
  const options: GcpOptions = { loss: "poisson", seed: 4, steps: 60, tolerance: 1e-9 },
    end = gcp(x, 3, { ...options, starts: 4 });
  expect(end.starts.map(({ kind, seed }) => [kind, seed])).toEqual([
    ["random", 4],
    ["random", 5],
    ["random", 6],
    ["nndsvd", 7],
  ]);
  const best = end.starts.reduce((p, q) => (q.loss < p.loss ? q : p)),
    alone = gcp(x, 3, { ...options, seed: best.seed, ...(best.kind === "random" ? {} : { start: best.kind }) });
  expect(end.trace.at(-1)).toBe(best.loss);
  expect([end.trace, end.raw, end.status, end.loss]).toEqual([alone.trace, alone.raw, alone.status, alone.loss]);
  expect(Math.min(...end.starts.map(({ loss }) => loss))).toBe(best.loss);
  expect(end.starts.some(({ steps }) => steps === 10)).toBe(true);
  expect([end.stage, advice(end).length > 0]).toEqual(["steps", true]);
  expect(fromJson(toJson(end))).toEqual(end);
  expect(gcp(x, 3, gcpOptionsFrom(end.provenance))).toEqual(end);
  expect(alone.starts).toEqual([]);
});

test("steps say which stage they are of, and the last one is the result", () => {
  const options: GcpOptions = { loss: "poissonLog", starts: 3, steps: 25, seed: 2, tolerance: 1e-9 },
    states = [...gcpSteps(x, 2, options)];
  const stages = states.map(({ stage }) => stage);
  expect(stages.indexOf("steps")).toBe(stages.lastIndexOf("start") + 1);
  expect(states.slice(0, -1).every(({ status }) => status === "running")).toBe(true);
  expect(states.at(-1)).toEqual(gcp(x, 2, options));
  // 3 of 10 steps, 2 of 10 more
  expect(stages.filter((stage) => stage === "start").length).toBeLessThanOrEqual(50);
  const losses = states.filter(({ stage }) => stage === "start").map(({ trace }) => trace.at(-1)!);
  losses.slice(1).forEach((loss, i) => expect(loss).toBeLessThanOrEqual(losses[i]!));
});

test("a comparison goes on from a checkpoint: that of its last stage to the bit", () => {
  const options: GcpOptions = { loss: "poisson", starts: 2, seed: 6, tolerance: 0 },
    whole = gcp(x, 2, { ...options, steps: 40 }),
    part = gcp(x, 2, { ...options, steps: 25 }),
    rest = gcp(x, 2, { loss: "poisson", seed: 6, tolerance: 0, steps: 15, start: structuredClone(part) });
  expect(rest.raw).toEqual(whole.raw);
});

test("samples are compared from several starts too", () => {
  const method = { solver: "adam", epoch: 20, samples: 50 } as const,
    end = gcp(x, 2, { loss: "poisson", starts: 3, steps: 14, method, seed: 1 });
  expect(end.starts.length).toBe(3);
  expect(gcp(x, 2, gcpOptionsFrom(end.provenance))).toEqual(end);
  expect(end.trace.length).toBe(end.steps + 1);
});

test("with a mask, starts fill in what is missing, and never read it", () => {
  const [data, truth] = counts([12, 11, 10], 2, 5),
    { uniform } = random(3, "holes"),
    mask = tensor(
      [12, 11, 10],
      Array.from(data.data, () => (uniform() < 0.3 ? 0 : 1)),
    ),
    holes = tensor(
      [12, 11, 10],
      data.data.map((value, i) => (mask.data[i] === 0 ? NaN : value)),
    );
  const end = gcp(holes, 2, { loss: "poisson", start: "nndsvd", mask });
  expect(factorMatchScore(end, truth)).toBeGreaterThan(0.9);
  expect(gcp(data, 2, { loss: "poisson", start: "nndsvd", mask }).raw).toEqual(end.raw);
  expect(gcp(holes, 2, gcpOptionsFrom(end.provenance, { mask }))).toEqual(end);
});

test("the options of a run come from its provenance, with the data that it had", () => {
  const loss: GcpLoss = {
      name: "fourth power",
      value: (a, m) => (a - m) ** 4,
      derivative: (a, m) => 4 * (m - a) ** 3,
    },
    first = gcp(x, 2, {
      loss,
      seed: 9,
      steps: 5,
      bounds: [undefined, { least: 0.1, most: 3 }],
      penalties: { smooth: [1] },
    });
  expect(gcp(x, 2, gcpOptionsFrom(first.provenance, { loss }))).toEqual(first);
  const second = gcp(x, 2, { loss, steps: 5, start: first });
  expect(gcp(x, 2, gcpOptionsFrom(second.provenance, { loss, start: first }))).toEqual(second);
  const wrong: [() => unknown, string][] = [
    [
      () => gcpOptionsFrom(first.provenance),
      'gcpOptionsFrom: expected the custom loss "fourth power" as data.loss, got none',
    ],
    [
      () => gcpOptionsFrom(second.provenance, { loss }),
      "gcpOptionsFrom: expected data.start to be that of the run, got none",
    ],
    [() => gcpOptionsFrom(second.provenance, { loss, start: second }), "got another one"],
    [() => gcpOptionsFrom({ ...first.provenance, by: "cpAls" }), "gcpOptionsFrom: expected provenance.by"],
    [() => gcp(x, 2, { starts: 3, start: "random" }), "gcp: expected one start where it is given, got 3 starts"],
    [() => gcp(x, 2, { start: "svd" as never }), 'gcp: expected start to be "random", "hosvd", "nndsvd"'],
    [
      () => gcp(x, 2, { start: "hosvd", loss: { ...loss, mean: (m) => m * m } }),
      "gcp: expected a start at random, or factors, for the custom loss fourth power",
    ],
  ];
  for (const [call, message] of wrong) expect(call).toThrow(message);
  expect(
    gcp(x, 2, { starts: 2, steps: 3, loss: { ...loss, mean: (m) => m * m } }).starts.map(({ kind }) => kind),
  ).toEqual(["random", "random"]);
});

test("a tensor of zeros has a start, from which nothing is to be gained", () => {
  const nothing = tensor([3, 3, 3], new Float64Array(27));
  for (const start of ["hosvd", "nndsvd"] as const)
    for (const loss of ["gaussian", "poisson", "poissonLog", "bernoulliLogit"] as const) {
      const end = gcp(nothing, 2, { loss, start, steps: 5 });
      expect(Number.isFinite(end.loss)).toBe(true);
      close(end.weights, end.weights, 0);
    }
});
