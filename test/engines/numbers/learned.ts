import type { Library, Results } from "../public-numbers";
import { drawing, maskOf } from "./data";

/** Training with every optimizer and schedule, what is recorded of it, and its certificate. */
export async function learned(ltrnn: Library, threads: number): Promise<Results> {
  const draw = drawing(ltrnn),
    trials = 21,
    shape = [trials, 10, 2] as const;
  const model = ltrnn.LowTensorRankRNN.random({ units: 8, inputs: 2, outputs: 2, rank: 2, trials }, 5);
  const objective = ltrnn.networkObjective(
    model,
    { inputs: draw("inputs", shape), targets: draw("targets", shape), mask: maskOf(ltrnn, shape, 6) },
    { dt: 0.2 },
  );
  const decay = ltrnn.cosineDecay(0.05, { steps: 30, warmup: 5, floor: 0.001 });
  const optimizers = {
    sgd: ltrnn.sgd(0.1),
    momentum: ltrnn.momentum(0.05, { beta: 0.9, nesterov: true }),
    adam: ltrnn.adam(0.01, { beta1: 0.8, beta2: 0.99 }),
    adamW: ltrnn.adamW(0.01, { decay: 0.1 }),
    rmsProp: ltrnn.rmsProp(0.003, { momentum: 0.5, centered: true }),
    lbfgs: ltrnn.lbfgs({ memory: 4 }),
    "with decay": ltrnn.chain(ltrnn.decayWeights(0.01, { only: ["a"] }), ltrnn.scaleByRms(), ltrnn.scaleByRate(0.003)),
    "a chain": ltrnn.chain(
      ltrnn.clipByNorm(0.05),
      ltrnn.accumulate(0.7),
      ltrnn.scaleByAdam(),
      ltrnn.scaleByRate(decay),
    ),
  };
  const results: Results = { cosineDecay: Array.from({ length: 40 }, (_, step) => decay(step)) };
  for (const [name, optimizer] of Object.entries(optimizers))
    results[`trained, ${name}`] = await ltrnn.last(
      ltrnn.train(objective, { ...model.params }, { optimizer, steps: 25, threads }),
    );
  return { ...results, ...(await updates(ltrnn)), ...(await recorded(ltrnn)) };
}

async function updates(ltrnn: Library): Promise<Results> {
  const draw = drawing(ltrnn),
    params = { w: draw("w", [4, 3]) },
    optimizer = ltrnn.adam(0.1);
  const [step] = optimizer.update({ w: draw("g", [4, 3]) }, optimizer.init(params), params);
  const remade = ltrnn.optimizerFrom(optimizer.description ?? { kind: "custom", name: optimizer.name }),
    [again] = await remade.update({ w: draw("g", [4, 3]) }, remade.init(params), params);
  const scaled = ltrnn.scaleByCurvature(ltrnn.sgd(0.1)),
    context = {
      loss: 1,
      evaluate: () => ({ loss: 1, gradients: {} }),
      curvature: () => ({ w: { shape: [4, 3], data: draw("curvature", [4, 3]).data.map((x) => x * x) } }),
    },
    [byCurvature] = await scaled.update({ w: draw("g", [4, 3]) }, scaled.init(params), params, context);
  const turns = ltrnn.followedBy(ltrnn.adam(0.1), ltrnn.sgd(0.1), { after: 3 });
  const decay = ltrnn.scheduleFrom(ltrnn.cosineDecay(0.3, { steps: 9 }).description);
  return {
    applyUpdates: ltrnn.applyUpdates(params, step),
    scaleByCurvature: byCurvature,
    followedBy: (await turns.update({ w: draw("g", [4, 3]) }, turns.init(params), params))[0],
    optimizerFrom: again,
    scheduleFrom: typeof decay === "number" ? decay : Array.from({ length: 12 }, (_, at) => decay(at)),
  };
}

/** Weights over learning of a linear network, held against their bound and their certificate. */
async function recorded(ltrnn: Library): Promise<Results> {
  const draw = drawing(ltrnn),
    wIn = draw("wIn", [12, 2], 0.3),
    readout = draw("c", [1, 12], 0.3),
    shape = [3, 8, 2] as const;
  const model = new ltrnn.FullRankRNN(
    { w: ltrnn.zeros([12, 12]), wIn, x0: ltrnn.zeros([1, 12]), readout },
    { phi: "identity" },
  );
  const objective = ltrnn.trajectoryObjective(
    model,
    { inputs: draw("u", shape), targets: draw("y", [3, 8, 1]) },
    { dt: 0.2 },
  );
  const certificate = ltrnn.trajectoryCertificate({ tolerance: 0.05 });
  let state = certificate.init(12);
  const run = async function* () {
    for await (const now of ltrnn.train(
      objective,
      { w: model.params.w },
      { optimizer: ltrnn.sgd(0.5), steps: 8, every: 1 },
    )) {
      yield now;
      const { adjoints, rates, alpha } = now.evaluation;
      state = certificate.update(state, { adjoints, rates, alpha, coefficient: 0.5 });
    }
  };
  const record = await ltrnn.recordWeights(run(), model),
    changes = ltrnn.weightChanges(record.weights);
  const bound = ltrnn.learningRankBound({
    units: 12,
    inputs: wIn,
    outputs: readout,
    snapshots: record.steps.length,
    activation: "identity",
    optimizer: ltrnn.sgd(0.5),
  });
  const setup = ltrnn.learningSetupOf(
    model,
    { inputs: draw("u", shape), targets: draw("y", [3, 8, 1]) },
    { optimizer: ltrnn.sgd(0.5), snapshots: 8 },
  );
  return {
    learningSetupOf: [setup, ltrnn.learningRankBound(setup)],
    recordWeights: record,
    recordChanges: await ltrnn.recordChanges(
      ltrnn.train(objective, { w: model.params.w }, { optimizer: ltrnn.sgd(0.5), steps: 8, every: 2 }),
      model,
      { relativeError: 0.05 },
    ),
    trajectoryCertificate: certificate.read(state),
    compareRanks: ltrnn.compareRanks({ changes, steps: record.steps }, bound),
  };
}
