import { afterEach, expect, test, vi } from "vitest";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { LtrnnError, last, random } from "../../src/base";
import { fitLowTensorRank, fitLowTensorRankSteps } from "../../src/fit";
import { sgd } from "../../src/optim";
import { FullRankRNN, networkRecord, LowRankRNN, LowTensorRankRNN, type Network } from "../../src/models";
import { poissonLoss } from "../../src/losses";
import { gradientOnThreads, lossAndGradient, openThreads, orThrow, type Batch, type LossOptions } from "../../src/run";
import { pointMass } from "../../src/tasks";
import { tensor, zeros, type Params, type Tensor3 } from "../../src/tensor";
import { openPool } from "../../src/threads";
import { networkObjective, train, trajectoryObjective, type Trainable } from "../../src/train";
import { distance } from "../support/close";

const draw = (seed: number, shape: Tensor3["shape"], of = (x: number) => x): Tensor3 => {
  const { normal } = random(seed, "threads");
  return tensor(
    shape,
    Array.from({ length: shape[0] * shape[1] * shape[2] }, () => of(normal())),
  );
};
/** Worker threads of this process that are still there. */
const workers = () => (process.report!.getReport() as unknown as { workers: unknown[] }).workers.length;

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  vi.resetModules();
});

const trials = 37,
  steps = 9; // five panels in float64, the last of five trials; three in float32
const random01 = (seed: number) => draw(seed, [trials, steps, 2], (x) => (x > -0.5 ? 1 : 0));
const without = ({ shape, data }: Tensor3): Tensor3 => ({ shape, data: data.map((m) => 1 - m) });
const cases: [string, Network, Partial<Batch>, LossOptions][] = [
  ["full rank", FullRankRNN.random({ units: 7, inputs: 3, outputs: 2 }, 1), {}, {}],
  [
    "low rank, Heun, noise",
    LowRankRNN.random({ units: 6, inputs: 3, outputs: 2, rank: 2 }, 2),
    {},
    { integrator: "heun", noise: { sigma: 0.1, seed: 4 } },
  ],
  [
    "low tensor rank, masked and held out",
    LowTensorRankRNN.random({ units: 8, inputs: 3, outputs: 2, rank: 3, trials }, 3),
    { mask: random01(8), validation: without(random01(8)) },
    { dt: 0.2, ratePenalty: { l1: 0.3, l2: 0.7 } },
  ],
  [
    "trials in another order, a start of each",
    LowTensorRankRNN.random({ units: 8, inputs: 3, outputs: 2, rank: 3, trials: 5 }, 3).with({
      params: { x0: draw(5, [1, 3, 8]) && tensor([3, 8], draw(5, [1, 3, 8]).data) },
    }),
    {
      trials: Array.from({ length: trials }, (_, k) => (3 * k) % 5),
      conditions: Array.from({ length: trials }, (_, k) => k % 3),
    },
    {},
  ],
  [
    "counts",
    FullRankRNN.random({ units: 7, inputs: 3, outputs: 2, phi: "softplus" }, 1),
    { targets: draw(3, [trials, steps, 2], (x) => Math.floor(Math.abs(2 * x))) },
    { loss: poissonLoss({ gain: 2 }) },
  ],
];

test.each(cases)(
  "loss and gradients on threads are those of one thread, and twice the same bits: %s",
  async (_, model, more, options) => {
    const batch: Batch = { inputs: draw(1, [trials, steps, 3]), targets: draw(2, [trials, steps, 2]), ...more };
    for (const [precision, tolerance] of [
      ["float64", 1e-13],
      ["float32", 1e-6],
    ] as const) {
      // rounding of sums of 37 trials in another order
      const one = lossAndGradient(model, batch, { ...options, precision });
      for (const threads of [2, 3]) {
        const pool = openThreads("test", threads),
          split = gradientOnThreads(pool),
          gradient = async (...call: [Network, Batch, LossOptions]) => orThrow("test", await split("test", ...call)),
          first = await gradient(model, batch, { ...options, precision });
        expect(await gradient(model, batch, { ...options, precision })).toEqual(first);
        await pool.close();
        expect(Math.abs(first.loss / one.loss - 1)).toBeLessThan(tolerance);
        if (one.validationLoss !== undefined)
          expect(Math.abs(first.validationLoss! / one.validationLoss - 1)).toBeLessThan(tolerance);
        expect(
          first.inputGradients.data.every((x, at) => precision === "float32" || x === one.inputGradients.data[at]),
        ).toBe(true); // these are not summed
        for (const [name, g] of Object.entries(one.gradients as Params))
          expect(distance((first.gradients as Params)[name]!.data, g!.data), `${name}, ${precision}`).toBeLessThan(
            tolerance,
          );
        expect(first.provenance.options).toEqual(one.provenance.options);
        expect(first.provenance.facts).toEqual({ ...one.provenance.facts, threads });
      }
    }
    expect(workers()).toBe(0);
  },
);

const model = LowRankRNN.random({ units: 8, inputs: 1, outputs: 2, rank: 2 }, 1),
  batch = { inputs: draw(1, [20, 6, 1]), targets: draw(2, [20, 6, 2]) };
const run = async (options: object, objective = networkObjective(model, batch), start = model.params as Params) =>
  last(train(objective, start, { optimizer: sgd(0.5), steps: 15, ...options }));

test(
  "training on threads gives the same bits each time, those of one " +
    "thread up to rounding, and its workers end with it",
  async () => {
    const two = await run({ threads: 2 }),
      again = await run({ threads: 2 }),
      one = await run({});
    expect(again.params).toEqual(two.params);
    for (const [name, p] of Object.entries(one.params))
      expect(distance(two.params[name]!.data, p!.data)).toBeLessThan(1e-12);
    expect(two.provenance.options.threads).toBe(2);
    const resumed = await last(
      train(networkObjective(model, batch), await run({ threads: 2, steps: 7 }), {
        optimizer: sgd(0.5),
        steps: 8,
        threads: 2,
      }),
    );
    expect(resumed.params).toEqual(two.params);
    expect(workers()).toBe(0);
  },
);

test(
  "a batch in one array that is written anew for each step is read " +
    "anew, and one in shared memory is used as it is",
  async () => {
    const inputs = zeros([20, 6, 1]),
      batches = (step: number) => {
        inputs.data.fill(step);
        return { inputs, targets: batch.targets };
      };
    const one = await run({}, networkObjective(model, batches)),
      two = await run({ threads: 2 }, networkObjective(model, batches));
    expect(two.loss).toBeCloseTo(one.loss, 12);
    const data = new Float64Array(new SharedArrayBuffer(batch.inputs.data.byteLength));
    data.set(batch.inputs.data);
    expect(
      (await run({ threads: 2 }, networkObjective(model, { ...batch, inputs: { shape: batch.inputs.shape, data } })))
        .params,
    ).toEqual((await run({ threads: 2 })).params);
  },
);

test("workers end on abort, on an error, and when nobody asks for more", async () => {
  const stop = new AbortController(),
    steps = train(networkObjective(model, batch), model.params as Params, {
      threads: 3,
      every: 1,
      signal: stop.signal,
    });
  await steps.next();
  expect(workers()).toBe(2);
  stop.abort();
  expect((await last(steps)).status).toBe("aborted");
  expect(workers()).toBe(0);
  for await (const now of train(networkObjective(model, batch), model.params as Params, { threads: 2, every: 1 }))
    if (now.step === 2) break;
  expect(workers()).toBe(0);
});

test("what a worker refuses is refused in the words of one thread, the first trial in trouble named", async () => {
  const late = { ...batch, targets: { ...batch.targets, data: batch.targets.data.slice() } },
    wild = { ...batch, inputs: { ...batch.inputs, data: batch.inputs.data.slice() } };
  late.targets.data[18 * 12 + 5] = NaN;
  wild.inputs.data.fill(1e308, 17 * 6);
  const strong = model.with({ params: { wIn: tensor([8, 1], new Array(8).fill(100)) }, phi: "relu" });
  const refusal = (options: object) =>
    run(options, networkObjective(model, late), model.params as Params).catch((error: Error) => error);
  const words = (await refusal({})) as Error;
  expect(words.message).toContain("[18, 2, 1]");
  expect(await refusal({ threads: 2 })).toEqual(words);
  const overflow = async (options: object) =>
    (await run(options, networkObjective(strong, wild), strong.params as Params)).divergence;
  expect(await overflow({})).toMatchObject({ step: 0, trial: 17 });
  expect(await overflow({ threads: 2 })).toEqual(await overflow({}));
  expect(workers()).toBe(0);
});

test(
  "a fit on threads gives the same bits each time, those of one thread up " +
    "to rounding, and ends its workers when aborted",
  async () => {
    const activity = draw(6, [20, 8, 4]),
      mask = draw(7, [20, 8, 4], (x) => (x > -1 ? 1 : 0));
    const fitOn = (options: object) =>
      fitLowTensorRank(activity, 2, { mask, network: { units: 6 }, training: { steps: 12, starts: 2, ...options } });
    const two = await fitOn({ threads: 2 }),
      again = await fitOn({ threads: 2 }),
      one = await fitOn({});
    expect(again.model.params).toEqual(two.model.params);
    // 24 updates of Adam, from sums that differ in their last bits
    expect(Math.abs(two.validationLoss / one.validationLoss - 1)).toBeLessThan(1e-9);
    expect((two.provenance.options.training as { threads: number }).threads).toBe(2);
    const stop = new AbortController();
    for await (const now of fitLowTensorRankSteps(activity, 2, {
      training: { steps: 40, starts: 2, threads: 2, signal: stop.signal },
    })) {
      stop.abort();
      if (now.status !== "running") expect(now.status).toBe("aborted");
    }
    expect(workers()).toBe(0);
  },
);

test("an engine without SIMD runs the twins on all threads", async () => {
  vi.spyOn(WebAssembly, "validate").mockReturnValue(false);
  vi.resetModules();
  const without = await import("../../src/train");
  const end = await last(
    without.train(without.networkObjective(model, batch), model.params as Params, { threads: 2, steps: 3 }),
  );
  expect(end.evaluation.provenance.facts.kernels).toBe("TypeScript");
});

test("wrong calls are refused before a worker starts", async () => {
  const own = {
    kind: "custom" as const,
    name: "mine",
    params: {},
    evaluate: ({ outputs }: { outputs: Tensor3 }) => ({ loss: 0, dOutputs: zeros(outputs.shape), gradients: {} }),
  };
  await expect(run({ threads: 0 })).rejects.toThrow(
    "train: expected threads to be a whole number of at least 1 and at most 1024, got 0",
  );
  await expect(run({ threads: 2 }, networkObjective(model, batch, { loss: own }))).rejects.toThrow(
    "expected a loss and an activation of the library, and no plant, on more than one thread, got a custom loss",
  );
  await expect(
    run(
      { threads: 2 },
      networkObjective(model as Trainable, { ...batch, targets: zeros([20, 6, 4]) }, { plant: pointMass({ dt: 0.1 }) }),
    ),
  ).rejects.toThrow("got a plant");
  await expect(run({ threads: 2 }, trajectoryObjective(model, batch))).rejects.toThrow(
    "expected an objective that can be split over threads, such as networkObjective makes",
  );
  await expect(fitLowTensorRank(draw(6, [20, 8, 4]), 2, { training: { loss: own, threads: 2 } })).rejects.toThrow(
    "fitLowTensorRank: expected no head and no custom loss on more than one thread, got mine",
  );
  vi.stubGlobal("SharedArrayBuffer", undefined);
  await expect(run({ threads: 2 })).rejects.toThrow(
    "Serve the page with Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp",
  );
  expect(workers()).toBe(0);
});

const echo = `const { parentPort } = require("node:worker_threads");
  parentPort.on("message", (x) => {
    if (x === "end") process.exit(3);
    if (x !== "sleep") parentPort.postMessage({ value: x });
  })`;
const open = (code: string, more: object = {}) =>
  openPool({ where: "test", threads: 256, code, greeting: "hello", ...more });

test(
  "a worker that ended is no silence: its pending request is rejected, and " +
    "so is the next, by an error that says what to do",
  async () => {
    const broken = open('throw new Error("no")');
    await expect(broken.ask(1, 5)).rejects.toThrow(
      "test: expected worker threads that answer, got one that did not: Error: no. Its memory may have run out",
    );
    await broken.close();
    const pool = open(echo);
    expect(await pool.ask(1, 5)).toBe(5);
    await expect(pool.ask(1, "end")).rejects.toBeInstanceOf(LtrnnError);
    await expect(pool.ask(1, 5)).rejects.toThrow("it ended with status 3");
    await pool.close();
    expect(workers()).toBe(0);
  },
);

test("a worker that never answers is given up once the signal is aborted", async () => {
  const stop = new AbortController(),
    pool = open(echo, { signal: stop.signal });
  const answer = pool.ask(1, "sleep");
  stop.abort();
  await expect(answer).rejects.toThrow("no answer 2 s after the signal was aborted");
  await pool.close();
  expect(workers()).toBe(0);
});

test("workers start when they are asked: 256 threads for two panels start one worker", async () => {
  const steps = train(
    networkObjective(model, { inputs: draw(1, [16, 6, 1]), targets: draw(2, [16, 6, 2]) }),
    model.params,
    {
      threads: 256,
      every: 1,
    },
  );
  await steps.next();
  expect(workers()).toBe(1);
  await steps.return(undefined);
  expect(workers()).toBe(0);
});

test("the workers of a run that is dropped end with it", async () => {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  await (async () => {
    await train(networkObjective(model, batch), model.params as Params, { threads: 2, every: 1 }).next();
  })();
  for (let tries = 0; tries < 100 && workers() > 0; tries++) {
    collect();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  expect(workers()).toBe(0);
});

test("workers see a batch that is changed in place as one thread sees it", async () => {
  const losses = async (threads: number) => {
    const inputs = { shape: batch.inputs.shape, data: batch.inputs.data.slice() },
      mask = zeros(batch.targets.shape);
    mask.data.fill(1);
    const seen: number[] = [];
    for await (const now of train(
      networkObjective(model, { inputs, targets: batch.targets, mask }),
      model.params as Params,
      {
        optimizer: sgd(0.1),
        steps: 3,
        every: 1,
        threads,
      },
    )) {
      seen.push(now.loss);
      inputs.data.fill(now.step + 1);
      mask.data.fill(0, 0, 12);
      mask.data.fill(0, 19 * 12 - 5);
    }
    return seen;
  };
  const [one, two] = [await losses(1), await losses(2)];
  two.forEach((loss, step) => expect(loss / one[step]).toBeCloseTo(1, 12));
  expect(one[1]).not.toBeCloseTo(one[0], 3);
});

test("weights that are part of a longer buffer are posted alone", () => {
  const buffer = new Float64Array(1e6),
    w = tensor([8, 8], buffer.subarray(64, 128)),
    frozen = FullRankRNN.random({ units: 8, inputs: 1 }, 1).with({ params: { w } });
  expect(networkRecord(frozen).params.w?.data.buffer.byteLength).toBe(64 * 8);
});

test("a run whose worker hangs ends as aborted, with the last state", async () => {
  const stop = new AbortController();
  let asked = 0;
  const hangs = async ({ x }: { x: { shape: [1]; data: Float64Array } }) => {
    if (++asked < 3) return { loss: x.data[0] * x.data[0], gradients: { x: tensor([1], [2 * x.data[0]]) } };
    const pool = open(echo, { signal: stop.signal });
    stop.abort();
    return pool.ask<never>(1, "sleep").finally(() => pool.close());
  };
  const end = await last(train(hangs as never, { x: tensor([1], [1]) }, { optimizer: sgd(0.25), signal: stop.signal }));
  expect([end.status, end.step, end.params.x.data[0]]).toEqual(["aborted", 1, 0.5]);
});
