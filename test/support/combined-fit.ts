import type { FitOptions } from "../../src/fit";
import { negativeBinomialLoss, poissonLoss, type CustomLoss, type Head, type LossDescription } from "../../src/losses";
import {
  fixedTrialFactors,
  freeTrialFactors,
  piecewiseConstantTrialFactors,
  randomWalkTrialFactors,
  type SmoothFactors,
  type TrialFactors,
} from "../../src/parts";
import { tensor, zeros, type Matrix, type Params, type Tensor3, type Vector } from "../../src/tensor";
import type { Chosen, Refusal } from "./covering";
import type { Draw } from "./sweep";

/** A small recording and a call of a fit. */
export interface CombinedFit {
  readonly activity: Tensor3;
  readonly rank: number;
  readonly options: FitOptions;
}

/** What a recording is made of, as some choices need it. */
interface Setup {
  readonly trials: number;
  readonly time: number;
  readonly epochs: readonly string[];
  readonly times: readonly number[];
  readonly known: Tensor3;
  readonly chosen: Chosen;
}

const binWidth = 0.5;

/** Priors of trial factors. */
const priors: Readonly<Record<string, (of: Setup) => SmoothFactors | TrialFactors>> = {
  "rational quadratic": () => ({ length: 2 }),
  "rbf and noise": ({ times }) => ({ kernel: "rbf", length: 2, noise: 0.3, times }),
  "matern32, a constant per epoch": ({ chosen }) => ({
    kernel: "matern32",
    length: 3,
    ...(chosen.epochs === "two" ? { constants: "perEpoch" } : {}),
  }),
  "matern52 in a basis": () => ({ kernel: "matern52", length: 3, basis: 0.95 }),
  free: ({ trials }) => freeTrialFactors(trials),
  fixed: ({ trials }) => fixedTrialFactors(trials),
  "random walk": ({ times, epochs, chosen }) =>
    randomWalkTrialFactors(times, chosen.epochs === "two" ? { epochs } : {}),
  "piecewise constant": ({ epochs }) => piecewiseConstantTrialFactors(epochs),
};

const inputsOf: Readonly<Record<string, (of: Setup) => FitOptions["inputs"]>> = {
  none: () => 0,
  "every bin": () => 2,
  known: ({ known }) => known,
  changing: () => ({ count: 1, changing: 1, l2: 0.1 }),
  "changing by another prior": () => ({ count: 0, changing: 2, trialKernel: { kernel: "matern32", length: 2 } }),
  smooth: () => ({ count: 2, smoothness: 2, l1: 0.05 }),
  controller: () => ({ count: 1, controller: { units: 3, layers: [4] } }),
  "known, and changing before a bin": ({ known, time }) => [
    known,
    { count: 1, changing: 1, until: Math.min(2, time), smoothness: 2 },
  ],
};

const losses: Readonly<Record<string, LossDescription>> = {
  squares: { kind: "meanSquaredError" },
  "poisson, softplus": poissonLoss({ binWidth }).description,
  "poisson, exp": poissonLoss({ link: "exp", gain: 2 }).description,
  "negative binomial": negativeBinomialLoss({ dispersion: 0.4, binWidth }).description,
  "dispersion of each neuron": negativeBinomialLoss({ dispersion: "neuron" }).description,
  "one dispersion, exp": negativeBinomialLoss({ dispersion: "shared", link: "exp" }).description,
};

/** Normal noise whose variance is learned: `exp(-s) r² / 2 + s / 2`, the mean over what is observed. */
const learnedNoise: CustomLoss = {
  kind: "custom",
  name: "learned noise",
  params: { logVariance: tensor([1], [0.2]) },
  evaluate({ outputs, targets, mask }, { logVariance }) {
    const s = (logVariance as Vector).data[0],
      count = mask ? mask.data.reduce((sum, m) => sum + m, 0) : outputs.data.length,
      dOutputs = zeros(outputs.shape);
    let squares = 0;
    outputs.data.forEach((y, i) => {
      if (mask?.data[i] === 0) return;
      const r = y - (targets as Tensor3).data[i];
      squares += (r * r) / count;
      dOutputs.data[i] = (Math.exp(-s) * r) / count;
    });
    const quadratic = (Math.exp(-s) * squares) / 2;
    return {
      loss: quadratic + s / 2,
      dOutputs,
      gradients: { logVariance: tensor([1], [0.5 - quadratic]) },
    };
  },
};

/** A bent readout: `z + z² / 10` of `z = H y`. */
function bentHead(neurons: number, units: number): Head {
  const at = (outputs: Tensor3, h: Matrix): Float64Array => {
    const z = new Float64Array((outputs.data.length / units) * neurons);
    for (let i = 0; i < z.length; i++)
      for (let u = 0; u < units; u++)
        z[i] += h.data[(i % neurons) * units + u] * outputs.data[Math.floor(i / neurons) * units + u];
    return z;
  };
  return {
    kind: "head",
    name: "bent",
    params: {
      bent: tensor(
        [neurons, units],
        Array.from({ length: neurons * units }, (_, i) => 0.6 * Math.cos(i)),
      ),
    },
    predict: (outputs, { bent }) => ({
      shape: [outputs.shape[0], outputs.shape[1], neurons],
      data: at(outputs, bent as Matrix).map((z) => z + (z * z) / 10),
    }),
    adjoint(outputs, dPrediction, { bent }: Params) {
      const h = bent as Matrix,
        dOutputs = zeros(outputs.shape),
        dBent = zeros(h.shape);
      at(outputs, h).forEach((z, i) => {
        const dz = (1 + z / 5) * dPrediction.data[i];
        for (let u = 0; u < units; u++) {
          const [from, to] = [Math.floor(i / neurons) * units + u, (i % neurons) * units + u];
          dOutputs.data[from] += h.data[to] * dz;
          dBent.data[to] += outputs.data[from] * dz;
        }
      });
      return { dOutputs, gradients: { bent: dBent } };
    },
  };
}

/** Everything that a fit is composed of, with what it may be. */
export const fitChoices = {
  prior: Object.keys(priors),
  inputs: Object.keys(inputsOf),
  loss: [...Object.keys(losses), "custom"],
  filter: ["none", "on", "residual", "score", "pearson"],
  phi: ["tanh", "softplus", "relu", "identity"],
  weights: ["changing", "and one static", "and full static"],
  states: ["shared", "condition", "trial"],
  decoder: ["linear", "orthogonal", "identity", "head"], // a head has neither gain nor bias
  threads: ["1", "2"],
  gain: ["fixed", "shared", "learned"],
  bias: ["fixed", "learned"],
  entries: ["all", "ragged with holes", "and validation"],
  draws: ["none", "trials", "trials and noise"],
  span: ["free", "columns"],
  conditions: ["one", "two"],
  epochs: ["one", "two"],
  preparation: ["none", "two bins"],
  step: ["1", "0.7"],
  noiseShare: ["default", "given"],
  ratePenalty: ["none", "l1 and l2"],
  factorPenalty: ["none", "l1 and l2"],
  rank: ["1", "2"],
} as const;

const filters = fitChoices.filter.filter((filter) => filter !== "none"),
  ofCounts = Object.keys(losses).filter((loss) => loss !== "squares");

/** What runs in functions that were given. */
const unshipped: readonly Chosen[] = [{ loss: "custom" }, { decoder: "head" }];

/** What the library refuses, with words of its refusal. */
export const fitRefusals: readonly Refusal[] = [
  ...filters
    .filter((filter) => filter !== "on")
    .map((filter) => ({
      of: { loss: "squares", filter },
      because: `a loss on counts with network.filter "${filter}"`,
    })),
  ...filters.flatMap((filter) =>
    unshipped.map((other) => ({
      of: { ...other, filter },
      because: "network.filter with a loss of the library on counts",
    })),
  ),
  ...ofCounts.map((loss) => ({
    of: { loss, decoder: "head" },
    because: "half the mean squared error, or a custom loss",
  })),
  ...unshipped.map((other) => ({
    of: { ...other, threads: "2" },
    because: "no head and no custom loss on more than one thread",
  })),
];

/** @param d - draws sizes, data and masks: the same for the same seed */
export function combinedFit(
  chosen: Chosen,
  d: Draw,
  sizes: Partial<Record<"trials" | "time" | "neurons" | "steps", number>> = {},
) {
  const { trials = d.int(4, 9), time = d.int(3, 6), neurons = d.int(2, 4), steps = 12 } = sizes,
    shape = [trials, time, neurons] as const,
    counted = ofCounts.includes(chosen.loss),
    inReach = chosen.decoder === "identity" && (chosen.phi === "relu" || chosen.phi === "softplus");
  const activity: Tensor3 = {
    shape,
    data: d.normal(shape, 0.4).data.map((x) => (counted ? Math.floor(4 * Math.abs(x)) : inReach ? Math.abs(x) : x)),
  };
  const masks = chosen.entries === "all" ? {} : drawnMasks(activity, d, chosen.entries === "and validation"),
    preparation = chosen.preparation === "none" ? 0 : 2,
    setup: Setup = {
      trials,
      time,
      epochs: Array.from({ length: trials }, (_, k) => (k < trials / 2 ? "before" : "after")),
      times: Array.from({ length: trials }, (_, k) => 2 * k + (k % 2)),
      known: d.normal([trials, preparation + time, 1]),
      chosen,
    };
  const units = chosen.decoder === "identity" ? neurons : d.int(neurons, neurons + 2),
    penalty = { l1: 0.02, l2: 0.1 };
  const options = {
    ...masks,
    ...(chosen.conditions === "two" ? { conditions: Array.from({ length: trials }, (_, k) => k % 2) } : {}),
    ...(chosen.epochs === "two" ? { epochs: setup.epochs } : {}),
    inputs: inputsOf[chosen.inputs](setup),
    decoder:
      chosen.decoder === "head"
        ? bentHead(neurons, units)
        : { kind: chosen.decoder, gain: chosen.gain, bias: chosen.bias },
    network: {
      units,
      tau: 3,
      dt: Number(chosen.step),
      phi: chosen.phi,
      trialKernel: priors[chosen.prior](setup),
      staticRank: ({ changing: 0, "and one static": 1 } as const)[chosen.weights as "changing"] ?? "full",
      initialStates: chosen.states === "trial" ? { sigma: 0.3 } : chosen.states,
      span: chosen.span,
      filter: chosen.filter === "none" ? false : chosen.filter === "on" ? true : chosen.filter,
      preparation,
    },
    training: {
      loss: chosen.loss === "custom" ? learnedNoise : losses[chosen.loss],
      starts: 1,
      steps,
      threads: Number(chosen.threads),
      penalties: {
        ...(chosen.noiseShare === "given" ? { noiseShare: 0.2 } : {}),
        ...(chosen.ratePenalty === "none" ? {} : { rates: penalty }),
        ...(chosen.factorPenalty === "none" ? {} : { trialFactors: penalty }),
      },
      draws: chosen.draws === "none" ? {} : { trialShare: 0.6, ...(chosen.draws === "trials" ? {} : { noise: 0.2 }) },
    },
    seed: d.int(0, 99),
  } as FitOptions;
  return { activity, rank: Math.min(Number(chosen.rank), units), options } satisfies CombinedFit;
}

/** Ragged trials, holes and held-out entries, but some of every neuron; what nobody reads becomes NaN. */
function drawnMasks(activity: Tensor3, d: Draw, validated: boolean): Pick<FitOptions, "mask" | "validation"> {
  const { shape, data } = activity,
    [trials, time, neurons] = shape,
    mask = zeros(shape),
    validation = zeros(shape);
  for (let k = 0; k < trials; k++) {
    const length = d.int(1, time);
    for (let i = 0; i < length * neurons; i++) {
      const at = k * time * neurons + i,
        drawn = d.int(0, 9);
      mask.data[at] = drawn > 1 || (k === 0 && i < neurons) ? 1 : 0;
      validation.data[at] = validated && drawn === 0 && mask.data[at] === 0 ? 1 : 0;
    }
  }
  for (let i = 0; i < neurons; i++) mask.data[i] = 1;
  data.forEach((_, i) => {
    if (mask.data[i] === 0 && validation.data[i] === 0) data[i] = Number.NaN;
  });
  return { mask, ...(validation.data.includes(1) ? { validation } : {}) };
}
