import type { Library, Results } from "../public-numbers";
import { activityOf, drawing, maskOf } from "./data";

/** Fits with every decoder and loss, their parts, masks and baselines. */
export async function fitted(ltrnn: Library, threads: number): Promise<Results> {
  const activity = activityOf(ltrnn, [18, 10, 5]),
    { shape } = activity;
  const conditions = Array.from({ length: shape[0] }, (_, trial) => trial % 2),
    epochs = Array.from({ length: shape[0] }, (_, trial) => (trial < 9 ? 0 : 1));
  const held = ltrnn.holdOut(ltrnn.observedMask(activity), { half: [1, 1, Infinity], seed: 3 });
  const training = { steps: 8, starts: 2, threads },
    ofCounts = { ...training, loss: "poisson" } as const,
    network = { units: 6 };
  const firstOptions = {
      mask: held.train,
      validation: held.validation,
      conditions,
      epochs,
      network: { ...network, trialKernel: { length: 4, sigma: 0.8, alpha: 1.5 } },
      training,
    },
    first = await ltrnn.fitLowTensorRank(activity, 2, firstOptions);
  return {
    holdOut: held,
    crossValidate: await gridOf(ltrnn),
    chooseRank: (await ltrnn.chooseRank(activityOf(ltrnn, [9, 6, 5]), [1, 2], { folds: 2, boxes: { half: [0, 0, 0] } }))
      .table,
    padTrials: ltrnn.padTrials([ltrnn.tensor([2, 1], [1, 2]), ltrnn.tensor([1, 1], [3])]),
    "fit, linear decoder": first,
    matchFits: ltrnn.matchFits(first, first),
    "fit, identity decoder": await ltrnn.fitLowTensorRank(activity, 1, {
      decoder: "identity",
      conditions,
      network: { phi: "identity" },
      training,
    }),
    "fit, orthogonal decoder": await ltrnn.fitLowTensorRank(activity, 1, {
      decoder: "orthogonal",
      conditions,
      network,
      training,
    }),
    forecastLearning: await ltrnn.forecastLearning(activity, 1, { known: 14, conditions, fit: { network, training } }),
    predictTrials: ltrnn.predictTrials(
      await ltrnn.fitLowTensorRank(activity, 1, { conditions, network, inputs: 2, training }),
      { times: [3.5, 30], conditions: [0, 1] },
    ),
    "predictTrials, a new condition": ltrnn.predictTrials(
      await ltrnn.fitLowTensorRank(activity, 1, { conditions, network, inputs: 2, training }),
      {
        times: [3.5, 30],
        conditions: [9, 1],
        newConditions: [
          { label: 9, inputs: drawing(ltrnn)("new", [10, 2]), initialState: drawing(ltrnn)("start", [6]) },
        ],
      },
    ),
    forecast: ltrnn.forecast(
      await ltrnn.fitLowTensorRank(activity, 1, { conditions, network: { ...network, filter: true }, training }),
      activity,
      { ahead: 3 },
    ),
    "fit, counts": await ltrnn.fitLowTensorRank(countsOf(ltrnn, activity), 1, {
      decoder: { kind: "identity", gain: "learned" },
      conditions,
      training: { ...training, loss: "poisson" },
    }),
    "fit, known inputs, every step": await steps(
      ltrnn.fitLowTensorRankSteps(activity, 2, {
        inputs: drawing(ltrnn)("inputs", [18, 10, 2]),
        conditions,
        network,
        training: { steps: 4, starts: 1, optimizer: ltrnn.momentum(0.01), threads },
      }),
    ),
    "fit, every form of inputs": await ltrnn.fitLowTensorRank(activity, 1, {
      inputs: [
        drawing(ltrnn)("known", [18, 12, 1]),
        { count: 1, changing: 2, smoothness: 3, until: 6, l1: 0.1, l2: 0.1 },
        { count: 2, controller: { units: 4, layers: [3] } },
      ],
      conditions,
      network: { ...network, preparation: 2 },
      training: { ...training, penalties: { noiseShare: 0.2 } },
    }),
    trialFactorUncertainty: ltrnn.trialFactorUncertainty(first, activity, { mask: held.train }),
    "bootstrapFit, every step": await steps(
      ltrnn.bootstrapFitSteps(first, activity, { fitOptions: firstOptions, replicates: 2, updates: 3 }),
    ),
    "bootstrapFit, counts": await ltrnn.bootstrapFit(
      await ltrnn.fitLowTensorRank(countsOf(ltrnn, activity), 1, { conditions, network, training: ofCounts }),
      countsOf(ltrnn, activity),
      { fitOptions: { conditions, network, training: ofCounts }, replicates: 2, updates: 3, block: 2 },
    ),
    chooseTrialKernel: await ltrnn.chooseTrialKernel(activity, 1, [3, ltrnn.freeTrialFactors(shape[0])], {
      mask: held.train,
      validation: held.validation,
      network,
      training,
    }),
    "chooseTrialKernel, every step": await steps(
      ltrnn.chooseTrialKernelSteps(activity, 1, [3, 6], {
        mask: held.train,
        validation: held.validation,
        network,
        training: { ...training, steps: 2 },
      }),
    ),
    explained: ltrnn.explained(activity, first.prediction, { train: held.train, over: held.test, conditions }),
    varianceExplained: ltrnn.varianceExplained(activity, first.prediction, { train: held.train, over: held.test }),
    ...scores(ltrnn, countsOf(ltrnn, activity), held, conditions),
    ...baselines(ltrnn, activity, held, conditions),
    ...parts(ltrnn),
  };
}

/** Whole numbers of about the size of the activity. */
const countsOf = ({ tensor }: Library, { shape, data }: ReturnType<typeof activityOf>) =>
  tensor(
    shape,
    data.map((x) => Math.floor(2 * Math.abs(x))),
  );

async function steps<T>(run: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const now of run) all.push(now);
  return all;
}

/** Scores of counts by rates near their neighbors'. */
function scores(
  ltrnn: Library,
  counts: ReturnType<typeof activityOf>,
  { train, test: over }: ReturnType<Library["holdOut"]>,
  conditions: readonly number[],
): Results {
  const rates = ltrnn.tensor(
      counts.shape,
      counts.data.map((x, i) => 0.3 + (x + counts.data[(i + 7) % counts.data.length]) / 2),
    ),
    decodable = { rates, behavior: ltrnn.slice(counts, [undefined, undefined, [0, 2]]) as typeof counts },
    pair = { latents: decodable.behavior, counts };
  return {
    bitsPerSpike: ltrnn.bitsPerSpike(counts, rates, { over, null: train }),
    psthR2: ltrnn.psthR2(counts, rates, { rows: conditions.map((_, k) => k) }),
    decodingR2: ltrnn.decodingR2(decodable, decodable),
    fewShotCoSmoothing: ltrnn.fewShotCoSmoothing(pair, pair, { shots: 3, draws: 2 }),
    correlationParts: ltrnn.correlationParts(counts, rates, { over, conditions }),
    scorecard: ltrnn.scorecard(
      { prediction: rates, train, over },
      { activity: counts, conditions, counts: true, behavior: decodable.behavior },
    ),
  };
}

function baselines(
  ltrnn: Library,
  activity: ReturnType<typeof activityOf>,
  { train, validation }: ReturnType<Library["holdOut"]>,
  conditions: readonly number[],
): Results {
  return {
    conditionMean: ltrnn.conditionMean(activity, { train, conditions }),
    smoothedConditionMean: ltrnn.smoothedConditionMean(activity, { train, validation, conditions, widths: [1, 2, 4] }),
    reducedRankKernel: ltrnn.reducedRankKernel(activity, { train, validation, conditions, widths: [2], ranks: [1] }),
    maskedCp: ltrnn.maskedCp(activity, { train, validation, conditions, ranks: [1], passes: 5 }),
    sliceComponents: ltrnn.sliceComponents(activity, { train, validation, ranks: [[1, 0, 1]], passes: 5 }),
    linearDynamics: ltrnn.linearDynamics(activity, { train, validation, conditions, ranks: [2], passes: 4 }),
    nearPairCeiling: ltrnn.nearPairCeiling(activity, { conditions }),
    trialPca: ltrnn.trialPca(activity, { train, validation, conditions, ranks: [1, 2, 3] }),
  };
}

function parts(ltrnn: Library): Results {
  const draw = drawing(ltrnn),
    trials = 12;
  const covariance = ltrnn.trialCovariance(
    Array.from({ length: trials }, (_, trial) => trial * 1.3),
    { length: 3, sigma: 1.2, alpha: 0.7 },
    Array.from({ length: trials }, (_, trial) => Math.floor(trial / 5)),
  );
  const factors = ltrnn.gaussianTrialFactors(covariance, { jitter: 1e-6 }),
    wIn = draw("wIn", [7, 2]);
  const [model, adjoint] = ltrnn.smoothModel(
    {
      a: draw("a", [7, 2]),
      b: draw("b", [7, 2]),
      z: draw("z", [trials, 2]),
      m: draw("m", [2]),
      wIn,
      x0: ltrnn.zeros([1, 7]),
    },
    factors,
    { tau: 2 },
  );
  const times = Array.from({ length: trials }, (_, trial) => trial * 1.3 + (trial % 3)),
    blocks = times.map((_, trial) => Math.floor(trial / 5));
  const priors = [
    ...(["rbf", "matern32", "matern52"] as const).map((kernel) =>
      ltrnn.gaussianTrialFactors(
        { times, kernel, length: 4, noise: 0.1 },
        { epochs: blocks, constants: "perEpoch", basis: 0.95 },
      ),
    ),
    ltrnn.randomWalkTrialFactors(times, { epochs: blocks }),
    ltrnn.piecewiseConstantTrialFactors(blocks),
    ltrnn.freeTrialFactors(trials),
    ltrnn.fixedTrialFactors(trials),
  ].map((prior) => {
    const again = ltrnn.trialFactorsFrom(prior.description),
      params = Object.fromEntries(
        Object.entries(again.start(2)).map(([name, x]) => [name, draw(name, x?.shape ?? [])]),
      );
    return [again(params)[0], again(params)[1](draw("dc", [trials, 2])), again.predict(params, [2.2, 40], [0, 2])];
  });
  const [, adjointOfFactors] = factors({ z: draw("z", [trials, 2]), m: draw("m", [2]) });
  return {
    trialCovariance: covariance,
    "priors of trial factors": priors,
    gaussianTrialFactors: [factors.root, adjointOfFactors(draw("dc", [trials, 2]))],
    smoothModel: [model.params, adjoint(model.params), maskOf(ltrnn, [2, 2], 2)],
  };
}

/** The rows of a grid and what they say, with jobs that are run one by one. */
async function gridOf(ltrnn: Library): Promise<unknown> {
  const x = activityOf(ltrnn, [9, 6, 5]),
    options = { folds: 2, boxes: { half: [0, 0, 0] } },
    grid = { model: "cp", axes: { rank: [0, 1, 2] } };
  const seen: unknown[] = [],
    kept = { ...options, executor: ltrnn.inProcess(), journal: ltrnn.memoryJournal() };
  for await (const state of ltrnn.crossValidateSteps(x, grid, kept)) seen.push(state.rows);
  for await (const state of ltrnn.chooseRankSteps(x, [1, 2], options)) seen.push(state.table);
  const { rows, choice } = await ltrnn.crossValidate(x, grid, options),
    jobs = [...ltrnn.gridJobs(x, grid, options)],
    again = await Promise.all(jobs.map((job) => ltrnn.runGridJob(job, x)));
  const { rows: byHypothesis } = await ltrnn.crossValidate(
    x,
    {
      axes: { hypothesis: ["nothing", "weights"] },
      options: { network: { units: 4 }, training: { steps: 5, starts: 1 } },
    },
    { folds: 1 },
  );
  return {
    rows,
    seen,
    choice,
    again,
    byHypothesis,
    chosen: ltrnn.oneStandardError(rows),
    collected: ltrnn.collectGrid(jobs, again).rows,
  };
}
