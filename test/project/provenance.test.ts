import { expect, test } from "vitest";
import {
  FullRankRNN,
  LowTensorRankRNN,
  activationRankBound,
  adam,
  backpropagate,
  blockMask,
  chain,
  chebyshevRankBound,
  clipByNorm,
  compareRanks,
  conditionMean,
  constraintFrom,
  cosineDecay,
  cpAls,
  cpRankBounds,
  fitLowTensorRank,
  fromJson,
  gradientRankBound,
  holdOut,
  kruskalUnique,
  last,
  latentDimensionBound,
  learningRankBound,
  learningSubspace,
  lossAndGradient,
  multilinearRank,
  networkObjective,
  nonNegative,
  numericalRank,
  observedMask,
  optimizerFrom,
  overlapDescent,
  overlapFlow,
  plantFrom,
  pointMass,
  negativeBinomialLoss,
  poissonLoss,
  random,
  sgd,
  simulate,
  smoothAlong,
  smoothedConditionMean,
  tensor,
  toJson,
  train,
  trajectoryCertificate,
  linearDynamics,
  maskedCp,
  reducedRankKernel,
  sliceComponents,
  trialPca,
  hosvd,
  sthosvd,
  tucker,
  type TuckerRanks,
  zeros,
  type ConstraintDescription,
  type FitOptions,
  type OptimizerDescription,
  type Params,
  type Plant,
  type LowTensorRankFit,
  type Provenance,
  type RunOptions,
  type Shape,
  type Tensor,
} from "../../src";

const drawn = <const S extends Shape>(seed: number, shape: S): Tensor<S> => {
  const { normal } = random(seed, "provenance");
  return tensor(shape, Array.from({ length: shape.reduce((n, size) => n * size, 1) }, normal));
};
const model = FullRankRNN.random({ units: 6, inputs: 2, outputs: 2 }, 1),
  inputs = drawn(1, [9, 7, 2]),
  targets = drawn(2, [9, 7, 2]),
  batch = { inputs, targets },
  x = drawn(4, [6, 5, 4]),
  activity = drawn(5, [12, 8, 4]),
  labels = Array.from({ length: 12 }, (_, k) => (k % 2 === 0 ? "left" : "right")),
  split = holdOut(observedMask(activity), { half: [1, 1, 0], test: 0.1, validation: 0.1, seed: 3 }),
  factors = cpAls(x, 2).factors,
  trajectory = backpropagate(model, batch);

/** What a program keeps of a result that it saved: its provenance as JSON. */
type Made = { readonly provenance: Provenance };
type Row = readonly [
  name: string,
  make: () => Made | Promise<Made>,
  again: (options: never, seed: number) => Made | Promise<Made>,
];

const withOptimizer = <O extends { optimizer: OptimizerDescription }>(options: O) => ({
  ...options,
  optimizer: optimizerFrom(options.optimizer),
});
const setup = { units: 8, inputs: 2, outputs: 1, snapshots: 5, activation: "identity" } as const;
const objective = networkObjective(model, batch),
  start = { w: model.params.w } as Params,
  schedule = chain(clipByNorm(1), adam(cosineDecay(0.01, { steps: 9, warmup: 2 })));
const low = {
    m: drawn(10, [9, 1]),
    n: drawn(11, [9, 1]),
    wIn: drawn(12, [9, 1]),
    readout: drawn(13, [1, 9]),
    x0: zeros([1, 9]),
  },
  reach = { inputs: drawn(14, [2, 3, 1]), targets: drawn(15, [2, 3, 1]) };
const certified = (options: { tolerance: number }) => {
  const certificate = trajectoryCertificate(options);
  const { adjoints, rates, alpha } = trajectory;
  return certificate.read(certificate.update(certificate.init(6), { adjoints, rates, alpha, coefficient: 0.1 }));
};

/** The options of a fit, with its optimizer made again. */
const fitOptions = (options: { readonly training: { optimizer: OptimizerDescription } }, seed: number): FitOptions => ({
  ...options,
  training: withOptimizer(options.training),
  seed,
});
const masks = { mask: split.train, validation: split.validation, conditions: labels };

const low3 = LowTensorRankRNN.random({ units: 5, inputs: 2, rank: 2, trials: 3 }, 4),
  trials = [0, 1, 2, 2, 1, 0, 0, 1, 2],
  counts = tensor(
    [9, 7, 2],
    targets.data.map((value) => Math.round(value * value)),
  );
const spikes = tensor(
  activity.shape,
  activity.data.map((x) => Math.round(x * x)),
);
const withPlant = (options: { readonly plant: Plant["description"] }): RunOptions => ({
  ...options,
  plant: plantFrom(options.plant),
});

const rows: Row[] = [
  [
    "simulate",
    () => simulate(low3, inputs, { dt: 0.05, integrator: "heun", noise: { sigma: 0.1, seed: 4 }, trials }),
    (options) => simulate(low3, inputs, options),
  ],
  [
    "simulate, with a plant",
    () => simulate(model, inputs, { plant: pointMass({ dt: 0.1, curl: 2 }), precision: "float32" }),
    (options: { readonly plant: Plant["description"] }) => simulate(model, inputs, withPlant(options)),
  ],
  [
    "lossAndGradient",
    () =>
      lossAndGradient(model, { inputs, targets: counts }, { dt: 0.05, loss: poissonLoss({ gain: 2, link: "exp" }) }),
    (options) => lossAndGradient(model, { inputs, targets: counts }, options),
  ],
  [
    "backpropagate",
    () => backpropagate(model, batch, { noise: { sigma: 0.1, seed: 4 } }),
    (options) => backpropagate(model, batch, options),
  ],
  [
    "fitLowTensorRank",
    () =>
      fitLowTensorRank(activity, 2, { seed: 3, ...masks, training: { steps: 12, starts: 3, precision: "float32" } }),
    (options, seed) => fitLowTensorRank(activity, 2, { ...fitOptions(options, seed), ...masks }),
  ],
  [
    "fitLowTensorRank, with a network, a prior and an optimizer",
    () =>
      fitLowTensorRank(activity, 2, {
        decoder: "identity",
        inputs: 1,
        network: { tau: 3, dt: 0.5, phi: "identity", trialKernel: { length: 3, alpha: 2 } },
        training: { steps: 9, starts: 1, optimizer: schedule },
      }),
    (options, seed) => fitLowTensorRank(activity, 2, fitOptions(options, seed)),
  ],
  [
    "fitLowTensorRank, with smooth and changing inputs and a preparatory period",
    () =>
      fitLowTensorRank(activity, 2, {
        inputs: [
          { count: 1, changing: 2, smoothness: 3, until: 6, l2: 0.1 },
          { count: 1, controller: { units: 4 } },
        ],
        network: { units: 5, preparation: 3 },
        training: { steps: 9, starts: 1, penalties: { noiseShare: 0.2 } },
      }),
    (options, seed) => fitLowTensorRank(activity, 2, fitOptions(options, seed)),
  ],
  [
    "fitLowTensorRank, to counts with a decoder of its own",
    () =>
      fitLowTensorRank(spikes, 1, {
        decoder: { kind: "orthogonal", gain: "learned" },
        network: { units: 4 },
        training: {
          draws: { trialShare: 0.5, noise: 0.1 },
          penalties: { rates: { l1: 0.01 }, trialFactors: { l2: 0.02 } },
          steps: 8,
          starts: 1,
          loss: negativeBinomialLoss({ dispersion: 0.3, binWidth: 0.02, gain: 2 }),
        },
      }),
    (options, seed) => fitLowTensorRank(spikes, 1, fitOptions(options, seed)),
  ],
  ["trajectoryCertificate", () => certified({ tolerance: 0.1 }), certified],
  [
    "overlapDescent",
    () => last(overlapDescent(low, reach, { alpha: 0.1, rate: 0.01, steps: 4 })),
    (options) => last(overlapDescent(low, reach, options)),
  ],
  [
    "overlapFlow",
    () => last(overlapFlow(low, reach, { alpha: 0.1, step: 0.01, steps: 4 })),
    (options) => last(overlapFlow(low, reach, options)),
  ],
  [
    "train",
    () => last(train(objective, start, { optimizer: schedule, steps: 12, every: 5 })),
    (options) => last(train(objective, start, withOptimizer(options))),
  ],
  [
    "cpAls",
    () => cpAls(x, 2, { seed: 3, starts: 3, sweeps: 40 }),
    (options, seed) => cpAls(x, 2, { ...(options as object), seed }),
  ],
  [
    "cpAls, with constraints",
    () => cpAls(x, 2, { seed: 3, sweeps: 9, constraints: [nonNegative({ rounds: 3 }), undefined, smoothAlong(0.1)] }),
    (options: { constraints: (ConstraintDescription | null)[] }, seed) =>
      cpAls(x, 2, {
        ...options,
        seed,
        constraints: options.constraints.map((description) => (description ? constraintFrom(description) : undefined)),
      }),
  ],
  [
    "tucker",
    () => tucker(x, [2, 2, 2], { sweeps: 4 }),
    ({ ranks, ...options }: { ranks: TuckerRanks }) => tucker(x, ranks, options),
  ],
  ["hosvd", () => hosvd(x, { relativeError: 0.3 }), ({ ranks }: { ranks: TuckerRanks }) => hosvd(x, ranks)],
  [
    "sthosvd",
    () => sthosvd(x, [2, 1, 2], { seed: 3, sketch: { oversampling: 1 } }),
    ({ ranks, ...options }: { ranks: TuckerRanks }, seed) => sthosvd(x, ranks, { ...options, seed }),
  ],
  [
    "blockMask",
    () => blockMask([9, 8], { halfTrain: [1, 1], halfTest: [0, 1], fraction: 0.1, seed: 6 }),
    (options, seed) =>
      blockMask([9, 8], { ...(options as { halfTrain: number[]; halfTest: number[]; fraction: number }), seed }),
  ],
  [
    "holdOut",
    () => split,
    (options, seed) => holdOut(observedMask(activity), { ...(options as { half: [number, number, number] }), seed }),
  ],
  [
    "conditionMean",
    () => conditionMean(activity, { train: split.train, conditions: labels }),
    (options) => conditionMean(activity, { ...(options as object), train: split.train, conditions: labels }),
  ],
  [
    "smoothedConditionMean",
    () => smoothedConditionMean(activity, { train: split.train, validation: split.validation, conditions: labels }),
    (options) =>
      smoothedConditionMean(activity, {
        ...(options as object),
        train: split.train,
        validation: split.validation,
        conditions: labels,
      }),
  ],
  [
    "reducedRankKernel",
    () => reducedRankKernel(activity, { train: split.train, validation: split.validation, ranks: [1] }),
    (options) =>
      reducedRankKernel(activity, { ...(options as object), train: split.train, validation: split.validation }),
  ],
  [
    "maskedCp",
    () => maskedCp(activity, { train: split.train, validation: split.validation, ranks: [1], passes: 5 }),
    (options) => maskedCp(activity, { ...(options as object), train: split.train, validation: split.validation }),
  ],
  [
    "sliceComponents",
    () =>
      sliceComponents(activity, { train: split.train, validation: split.validation, ranks: [[1, 0, 0]], passes: 5 }),
    (options) =>
      sliceComponents(activity, { ...(options as object), train: split.train, validation: split.validation }),
  ],
  [
    "linearDynamics",
    () => linearDynamics(activity, { train: split.train, validation: split.validation, ranks: [1], passes: 3 }),
    (options) => linearDynamics(activity, { ...(options as object), train: split.train, validation: split.validation }),
  ],
  [
    "trialPca",
    () => trialPca(activity, { train: split.train, validation: split.validation }),
    (options) => trialPca(activity, { ...(options as object), train: split.train, validation: split.validation }),
  ],
  [
    "numericalRank",
    () => numericalRank(drawn(8, [5, 4]), { tolerance: 1e-3 }),
    (options) => numericalRank(drawn(8, [5, 4]), options),
  ],
  ["multilinearRank", () => multilinearRank(x), (options) => multilinearRank(x, options)],
  ["kruskalUnique", () => kruskalUnique({ factors }), (options) => kruskalUnique({ factors }, options)],
  [
    "learningRankBound",
    () => learningRankBound({ ...setup, optimizer: sgd(0.1) }),
    (options: never) => learningRankBound(withOptimizer(options)),
  ],
  [
    "a bound that is refused",
    () => learningRankBound({ ...setup, optimizer: adam(0.1) }),
    (options: never) => learningRankBound(withOptimizer(options)),
  ],
  [
    "learningSubspace",
    () => learningSubspace({ initialWeights: model.params.w, inputWeights: model.params.wIn, tolerance: 1e-9 }),
    (options) =>
      learningSubspace({ ...(options as object), initialWeights: model.params.w, inputWeights: model.params.wIn }),
  ],
  [
    "gradientRankBound",
    () => gradientRankBound(trajectory),
    (options) => gradientRankBound({ ...trajectory, ...(options as object) }),
  ],
  [
    "latentDimensionBound",
    () => latentDimensionBound({ units: 9, rank: 2, inputs: 2 }),
    (options) => latentDimensionBound(options),
  ],
  [
    "activationRankBound",
    () => activationRankBound(2, 3, "odd"),
    ({ dimension, degree, parity }: { dimension: number; degree: number; parity: "odd" }) =>
      activationRankBound(dimension, degree, parity),
  ],
  [
    "chebyshevRankBound",
    () => chebyshevRankBound({ activation: "tanh", range: 2, dimension: 2, degree: 5, units: 9, trials: 3, steps: 4 }),
    (options) => chebyshevRankBound(options),
  ],
  [
    "cpRankBounds",
    () => cpRankBounds(x, { seed: 3 }),
    (options, seed) => cpRankBounds(x, { ...(options as object), seed }),
  ],
  [
    "compareRanks",
    () =>
      compareRanks(
        { changes: drawn(9, [8, 8, 5]), steps: [0, 3, 6, 9, 11] },
        learningRankBound({ ...setup, optimizer: sgd(0.1) }) as never,
      ),
    (options) =>
      compareRanks(
        { changes: drawn(9, [8, 8, 5]), steps: [0, 3, 6, 9, 11] },
        learningRankBound({ ...setup, optimizer: sgd(0.1) }) as never,
        options,
      ),
  ],
];

test.each(rows)("%s is made again from its provenance, to the same bits", async (_, make, again) => {
  const result = await make();
  const { options, seed } = fromJson(toJson(result.provenance)) as Provenance;
  expect(untimed(await again(options as never, seed as number))).toEqual(untimed(result));
});

/** Without the seconds that computing took, which no result depends on. */
function untimed<T>(result: T): T {
  const fit = result as Partial<LowTensorRankFit>;
  if (!fit.checkpoint) return result;
  const runs = fit.checkpoint.runs.map((run) => ({ ...run, seconds: 0 }));
  return { ...result, seconds: 0, checkpoint: { ...fit.checkpoint, runs } };
}
