import { expect, test } from "vitest";
import { random } from "../../src/base";
import {
  fitLowTensorRank,
  fitLowTensorRankSteps,
  forecast,
  type FitOptions,
  type LowTensorRankFit,
} from "../../src/fit";
import { fitObjective } from "../../src/fit/fit-objective";
import { readFitOptions } from "../../src/fit/fit-options";
import { poseFit } from "../../src/fit/pose-fit";
import { poissonLoss } from "../../src/losses";
import { openThreads } from "../../src/run";
import { mapParams, tensor, zeros, type Params, type Tensor3, type Vector } from "../../src/tensor";
import { combinedFit, fitChoices, fitRefusals, type CombinedFit } from "../support/combined-fit";
import { coveringRows, missingFrom, tuplesOf, type Chosen } from "../support/covering";
import { gradcheck } from "../support/gradcheck";
import { draw, type Draw } from "../support/sweep";

const shuffled = (seed: number) => random(seed, "covering").shuffled,
  pairs = coveringRows(fitChoices, 2, fitRefusals, shuffled(1)),
  triples = coveringRows(fitChoices, 3, fitRefusals, shuffled(2));

test.each([
  ["pair", 2, pairs],
  ["triple", 3, triples],
] as const)("every %s of choices is in a combination below, or refused by design", (_, strength, rows) => {
  const tuples = tuplesOf(fitChoices, strength, fitRefusals),
    kinds = Object.values(fitChoices).map((levels) => levels.length);
  // all tuples there are, less those with a refused pair in them
  const sums = [1, 0, 0, 0];
  for (const kind of kinds) for (let s = 3; s > 0; s--) sums[s] += kind * sums[s - 1];
  expect(tuples.length).toBe(sums[strength] - refusedTuples(strength));
  expect(missingFrom(rows, tuples)).toEqual([]);
  expect(missingFrom(rows.slice(0, -1), tuples)).not.toEqual([]); // the last row brings what is new
});

/** Tuples with a refused pair in them: each such pair with every third level, and those with two or three once. */
function refusedTuples(strength: number): number {
  if (strength === 2) return fitRefusals.length;
  const triples = fitRefusals.flatMap(({ of }) =>
    Object.entries(fitChoices).flatMap(([name, levels]) =>
      name in of ? [] : levels.map((level) => JSON.stringify(Object.entries({ ...of, [name]: level }).sort())),
    ),
  );
  return new Set(triples).size;
}

const plain = { loss: "squares", filter: "none", decoder: "linear", threads: "1" };

test.each(fitRefusals)("$of: refused", async ({ of, because }) => {
  const { activity, rank, options } = combinedFit({ ...pairs[0], ...plain, ...of }, draw(1));
  await expect(fitLowTensorRank(activity, rank, options)).rejects.toThrow(because);
});

/** Away from the start, where some of the gradients are zero by symmetry. */
function posed({ activity, rank, options }: CombinedFit, d: Draw, precision: "float64" | "float32") {
  const given = readFitOptions("test", options),
    problem = poseFit("test", activity, rank, { ...given, training: { ...given.training, precision } }),
    start = problem.start(options.seed ?? 0),
    // large gains of a filter on counts let states grow without bound
    move = (name: string, x: number) => x + (name === "filterGain" ? 0.02 : 0.1) * d.normal([1]).data[0],
    params = Object.fromEntries(
      Object.entries(start).map(([name, p]) => [name, { ...p, data: p?.data.map((x) => move(name, x)) }]),
    ) as Params;
  return { params, objective: fitObjective("test", problem) };
}

/** Runs a check of every row, and names the row that fails. */
async function inEvery(rows: readonly Chosen[], check: (row: Chosen, i: number) => unknown): Promise<void> {
  for (const [i, row] of rows.entries())
    try {
      await check(row, i);
    } catch (error) {
      (error as Error).message = `${JSON.stringify(row)}: ${(error as Error).message}`;
      throw error;
    }
}

test("combinations with every triple have exact gradients, in all parameters together, on threads too", async () => {
  const pool = openThreads("test", 2);
  try {
    await inEvery(triples, async (row, i) => {
      const { params, objective } = posed(combinedFit(row, draw(i + 1)), draw(i + 2500), "float64"),
        { gradients } = await (row.threads === "2" ? objective.onThreads(pool) : objective)(params, 0);
      gradcheck(
        ({ all }) => objective(split(all as Vector, params), 0).loss,
        { all: joined(params) },
        { all: joined(gradients, params) },
        draw(i + 3000).normal,
        5e-7,
      );
    });
  } finally {
    await pool.close();
  }
});

/** All parameters, or their gradients, as one. */
function joined(of: Params, order: Params = of): Vector {
  const data = Float64Array.from(Object.keys(order).flatMap((name) => [...(of[name]?.data ?? [Number.NaN])]));
  return { shape: [data.length], data };
}

function split({ data }: Vector, like: Params): Params {
  let at = 0;
  return mapParams(like, (own) => {
    at += own.length;
    return data.slice(at - own.length, at);
  });
}

test.each([
  [{}, pairs.slice(0, 8)],
  [{ trials: 4, time: 1 }, pairs.slice(8, 16)],
  [{ trials: 4, neurons: 1 }, pairs.slice(16, 24)],
  [{ trials: 17, time: 2, neurons: 9 }, pairs.slice(24, 32)],
])("so have some of them in each parameter by itself, of recordings of odd sizes too: %j", (sizes, rows) =>
  inEvery(rows, (row, i) => {
    const { params, objective } = posed(combinedFit(row, draw(i + 1), sizes), draw(i + 4000), "float64");
    gradcheck((moved) => objective(moved, 0).loss, params, objective(params, 0).gradients, draw(i).normal, 5e-7);
  }),
);

test("combinations with every pair have these gradients in float32, to its precision", () =>
  inEvery(pairs, (row, i) => {
    const fit = combinedFit(row, draw(i + 1)),
      { params, objective } = posed(fit, draw(i + 1000), "float64"),
      rough = posed(fit, draw(i + 1000), "float32").objective(params, 0).gradients;
    for (const [name, g] of Object.entries(objective(params, 0).gradients)) {
      const off = Math.hypot(...(g?.data.map((x, at) => x - (rough[name]?.data[at] ?? Number.NaN)) ?? [])),
        size = Math.max(1e-3, Math.hypot(...(g?.data ?? [])));
      expect(off / size, name).toBeLessThan(1e-3);
    }
  }));

test("in combinations with every pair, every parameter moves in four updates", () =>
  inEvery(pairs, async (row, i) => {
    const { activity, rank, options } = combinedFit(row, draw(i + 1), { steps: 4 }),
      start = poseFit("test", activity, rank, readFitOptions("test", options)).start(options.seed ?? 0),
      fit = await fitLowTensorRank(activity, rank, options),
      { params } = fit.checkpoint.runs[0];
    for (const [name, p] of Object.entries(start))
      if (p && p.data.length > 0) expect(params[name]?.data, `${name} moves`).not.toEqual(p.data);
    expect(fit.prediction.data.every(Number.isFinite)).toBe(true);
    if (!fit.model.params.filterGain) return;
    const ahead = forecast(fit, activity, { ...(options.mask ? { mask: options.mask } : {}), ahead: 2 });
    expect(ahead.prediction.data.every(Number.isFinite)).toBe(true);
  }));

test("some of them resume to the bit", () =>
  inEvery(pairs.slice(0, 6), async (row, i) => {
    const { activity, rank, options } = combinedFit(row, draw(i + 1)),
      steps: LowTensorRankFit[] = [];
    for await (const now of fitLowTensorRankSteps(activity, rank, options)) steps.push(now);
    const resumed = await fitLowTensorRank(activity, rank, { ...options, start: structuredClone({ ...steps[0] }) });
    expect(resumed.prediction).toEqual(steps[steps.length - 1].prediction);
  }));

const refused = async (activity: Tensor3, rank: number, options: FitOptions): Promise<string> => {
  try {
    await fitLowTensorRank(activity, rank, { ...options, training: { steps: 1, starts: 1, ...options.training } });
  } catch (error) {
    return `${(error as Error).name}: ${(error as Error).message}`;
  }
  return "accepted";
};

test("bad input is refused by its place, with what to do", async () => {
  const x = draw(3).normal([6, 5, 3], 0.3),
    counts: Tensor3 = { shape: x.shape, data: x.data.map((v) => Math.floor(9 * Math.abs(v))) },
    changed = (of: Tensor3, at: number, value: number): Tensor3 => ({
      shape: of.shape,
      data: of.data.map((v, i) => (i === at ? value : v)),
    }),
    ones = (zero: (i: number) => boolean): Tensor3 => ({
      shape: x.shape,
      data: x.data.map((_, i) => (zero(i) ? 0 : 1)),
    }),
    poisson = { training: { loss: poissonLoss() } };
  const cases: readonly (readonly [Tensor3, number, FitOptions, readonly string[]])[] = [
    [changed(x, 20, NaN), 1, {}, ["NaN at index [1, 1, 2]", "Mask the entry (0)"]],
    [x, 1, { conditions: [0, 1, 0] }, ["conditions", "6", "3"]],
    [x, 1, { epochs: [0, 0, 0, 1, 1] }, ["epochs", "6", "5"]],
    [x, 1, { network: { trialKernel: { kernel: "rbf", times: [0, 1, 2] } } }, ["6", "3"]],
    [x, 9, { network: { units: 4 } }, ["rank", "4", "9"]],
    [x, 4, { decoder: "identity" }, ["rank", "3", "4"]],
    [changed(counts, 7, -1), 1, poisson, ["counts", "-1 at index [0, 2, 1]", "Pass spike counts"]],
    [changed(counts, 7, 2.5), 1, poisson, ["counts", "2.5 at index [0, 2, 1]"]],
    [{ ...x, data: x.data.map((v) => 40 + v) }, 1, { decoder: "identity" }, ["tanh reaches, in (-1, 1)", "linear"]],
    [x, 1, { mask: ones(() => false), validation: ones((i) => i > 3) }, ["disjoint", "1 in both at index [0, 0, 0]"]],
    [x, 1, { mask: ones((i) => i % 3 === 2) }, ["none of neuron 2", "Leave that neuron out"]],
    [x, 1, { mask: zeros(x.shape) }, ["at least one entry to fit", "Set the mask to 1"]],
    [zeros([0, 5, 3]), 1, {}, ["trials"]],
  ];
  for (const [activity, rank, options, words] of cases) {
    const message = await refused(activity, rank, options);
    expect(message).toContain("LtrnnError: fitLowTensorRank: expected");
    for (const word of words) expect(message).toContain(word);
  }
});

test("constant and silent neurons are fitted as such, and named", async () => {
  const d = draw(4).normal([6, 5, 3], 0.3),
    x: Tensor3 = { shape: d.shape, data: d.data.map((v, i) => (i % 3 === 1 ? 0.2 : v)) },
    fit = await fitLowTensorRank(x, 1, { network: { units: 4 }, training: { steps: 40, starts: 1 } });
  expect(fit.constantNeurons).toEqual([1]);
  const counts: Tensor3 = {
      shape: d.shape,
      data: d.data.map((v, i) => (i % 3 === 2 ? 0 : Math.floor(9 * Math.abs(v)))),
    },
    silent = await fitLowTensorRank(counts, 1, {
      network: { units: 4 },
      training: { loss: "poisson", steps: 40, starts: 1 },
    });
  expect(silent.constantNeurons).toEqual([2]);
  silent.prediction.data.forEach((mean, i) => i % 3 === 2 && expect(mean).toBeLessThan(0.2));
  const integers = tensor([6, 5, 3], Array.from(counts.data));
  expect((await fitLowTensorRank(integers, 1, { training: { steps: 2, starts: 1 } })).prediction.shape).toEqual([
    6, 5, 3,
  ]);
});
