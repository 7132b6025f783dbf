import { expect, test } from "vitest";
import { advice, last } from "../../src/base";
import { clipByNorm, sgd } from "../../src/optim";
import { FullRankRNN, LowRankRNN } from "../../src/models";
import { pointMass, reaching } from "../../src/tasks";
import { tensor, zeros, type Params } from "../../src/tensor";
import { networkObjective, recordWeights, train, trajectoryObjective } from "../../src/train";

const task = reaching({ targets: 4, steps: 12, cue: 3, duration: 8 }),
  batch = task.batch,
  plant = pointMass({ dt: task.dt });
const model = LowRankRNN.random({ units: 8, inputs: 3, outputs: 2, rank: 2 }, 1);

test("a network learns, twice to the same bits, and only what was asked to", async () => {
  const objective = networkObjective(model, batch, { dt: task.dt, plant }),
    start = { m: model.params.m, readout: model.params.readout };
  const run = async () => {
    const out = [];
    for await (const now of train(objective, start as Params, { optimizer: sgd(2), steps: 30, every: 10 }))
      out.push(now);
    return out;
  };
  const first = await run(),
    second = await run();
  expect(first.map(({ step }) => step)).toEqual([0, 10, 20, 30]);
  expect(first.at(-1)!.loss).toBeLessThan(first[0].loss);
  expect(first.map(({ status }) => status)).toEqual(["running", "running", "running", "exhausted"]);
  expect(second.map(({ params }) => params)).toEqual(first.map(({ params }) => params));
  expect(Object.keys(first.at(-1)!.params)).toEqual(["m", "readout"]);
  expect(structuredClone(first.at(-1)!)).toEqual(first.at(-1)!); // plain data: a checkpoint
});

test("an update equals minus the rate times the gradient, on the batch and plant of its step", async () => {
  const objective = trajectoryObjective(model, batch, (step) => ({
    dt: task.dt,
    plant: pointMass({ dt: task.dt, curl: step }),
  }));
  const snapshots = [];
  for await (const now of train(objective, { m: model.params.m } as Params, {
    optimizer: sgd(0.5),
    steps: 2,
    every: 1,
  }))
    snapshots.push(now);
  for (const k of [0, 1]) {
    const g = networkObjective(model, batch, { dt: task.dt, plant: pointMass({ dt: task.dt, curl: k }) })(
      snapshots[k].params,
      0,
    ).gradients.m!;
    expect([...snapshots[k + 1].params.m!.data]).toEqual(
      [...snapshots[k].params.m!.data].map((x, i) => x + -0.5 * g.data[i]),
    );
  }
});

test("recorded weights are those of every snapshot, in its order", async () => {
  const full = FullRankRNN.random({ units: 4, inputs: 3, outputs: 2 }, 3),
    objective = networkObjective(full, batch, { dt: task.dt, plant });
  const seen: Params[] = [];
  const watched = async function* () {
    for await (const now of train(objective, { w: full.params.w } as Params, {
      optimizer: sgd(1),
      steps: 4,
      every: 2,
    })) {
      seen.push(now.params);
      yield now;
    }
  };
  const { weights, steps, losses } = await recordWeights(watched(), full);
  expect(weights.shape).toEqual([4, 4, 3]);
  expect(steps).toEqual([0, 2, 4]);
  expect(losses.length).toBe(3);
  for (const [k, { w }] of seen.entries())
    expect([...w!.data]).toEqual(Array.from({ length: 16 }, (_, entry) => weights.data[entry * 3 + k]));
});

test("a record of 130 000 snapshots is stacked; a snapshot at the step of the one before takes its place", async () => {
  const one = FullRankRNN.random({ units: 1, inputs: 1 }, 1),
    snapshot = await last(
      train(
        networkObjective(one, { inputs: zeros([1, 2, 1]), targets: zeros([1, 2, 1]) }),
        { w: one.params.w } as Params,
        {
          optimizer: sgd(1),
          steps: 0,
        },
      ),
    );
  const stream = function* () {
    for (let step = 0; step < 130_000; step++) yield { ...snapshot, step, params: { w: tensor([1, 1], [step]) } };
    yield { ...snapshot, step: 129_999, params: { w: tensor([1, 1], [-1]) } };
  };
  const { weights, steps } = await recordWeights(stream(), one);
  expect(weights.shape).toEqual([1, 1, 130_000]);
  expect([steps.at(-1), weights.data[129_998], weights.data[129_999]]).toEqual([129_999, 129_998, -1]);
});

test("a run ends as converged, diverged or aborted, and says what to do", async () => {
  const slope =
    (value: number) =>
    ({ x }: { x: { data: Float64Array; shape: readonly [number] } }) => ({
      loss: value * x.data[0],
      gradients: { x: tensor([1], [value]) },
    });
  expect((await last(train(slope(1e-9) as never, { x: tensor([1], [1]) }, { tolerance: 1e-6 }))).status).toBe(
    "converged",
  );
  expect(
    (
      await last(
        train((() => ({ loss: Infinity, gradients: { x: tensor([1], [1]) } })) as never, { x: tensor([1], [1]) }),
      )
    ).status,
  ).toBe("diverged");
  expect((await last(train(slope(1) as never, { x: tensor([1], [1]) }, { signal: AbortSignal.abort() }))).status).toBe(
    "aborted",
  );
  expect(advice("diverged")).toContain("Lower the learning rate");
});

test("wrong calls are refused", async () => {
  const x = { x: tensor([1], [1]) },
    fine = () => ({ loss: 1, gradients: x });
  const refused: [() => Promise<unknown>, string][] = [
    [
      () => last(train(networkObjective(model, batch, { dt: task.dt, plant }), { w: zeros([8, 8]) } as Params)),
      "networkObjective: expected parameters of the model: m, n, wIn, x0, bias, readout, readoutBias, got w",
    ],
    [
      () =>
        last(train(networkObjective(model, { ...batch, targets: zeros([4, 12, 5]) }), { m: model.params.m } as Params)),
      "networkObjective: expected targets of shape (4 × 12 × 2)",
    ],
    [
      () => last(train(() => ({ loss: 1, gradients: { x: tensor([1], [NaN]) } }), x)),
      "the gradient in x is NaN at index [0]",
    ],
    [
      () => last(train(() => ({ loss: 1, gradients: { x: zeros([2]) } }) as never, x)),
      "train: expected a gradient of shape (1) for x, got (2)",
    ],
    [() => last(train(() => ({ loss: "1", gradients: x }) as never, x)), 'got a loss that is "1"'],
    [
      () => last(train(() => ({ loss: 1 }) as never, x)),
      "train: expected an objective that returns { loss, gradients: a record of tensors }, got no gradients",
    ],
    [
      () => last(train(() => ({ loss: 1, gradients: {} }) as never, x)),
      "train: expected gradients in at least one of x, got none",
    ],
    [() => last(train(() => undefined as never, x)), "got undefined"],
    [
      () => last(train(fine, {})),
      "train: expected start to be a record of parameters, or a snapshot of an earlier run, got an empty record",
    ],
    [() => last(train(fine, { x: tensor([1], [NaN]) })), "train: expected finite entries in start.x"],
    [() => last(train("fine" as never, x)), "train: expected objective to be a function"],
    [() => last(train(fine, x, { step: 5 } as never)), "Did you mean steps?"],
    [
      () => last(train(fine, x, { signal: new AbortController() as never })),
      "train: expected signal to be an AbortSignal, such as controller.signal, got a AbortController",
    ],
    [
      () => last(train(fine, x, { optimizer: clipByNorm(1) })),
      "train: expected optimizer with a learning rate, got clipByNorm(1), whose updates point uphill",
    ],
    [() => recordWeights([], model), "recordWeights: expected a run that yields snapshots, got none"],
    [() => recordWeights([{ step: 1 }] as never, model), "recordWeights: expected snapshots { step, loss, params, … }"],
    [() => recordWeights(train(fine, x), {} as never), "recordWeights: expected model to be a network"],
  ];
  for (const [call, words] of refused) await expect((async () => call())(), words).rejects.toThrow(words);
});
