/**
 * Monkey L, spike counts: bits per spike beyond the mean counts of units, for units and for bins that are held out of
 * the trials of a fold; means and standard errors over folds.
 */
import {
  bitsPerSpike,
  fitLowTensorRank,
  fixedTrialFactors,
  random,
  smoothedConditionMean,
  type Candidate,
  type FitOptions,
  type Tensor3,
} from "ltrnn";
import { cells, folds, meanText, printTable, upTo } from "./cells";
import { spikes } from "./recordings";

const futureBins = 3;

interface Labeled {
  readonly conditions: readonly number[];
  readonly epochs: readonly number[];
}

/** A fifth of the trials, of which a fifth of the units is held out, or the last bins of all units. */
function foldOf({ shape }: Tensor3, fold: number) {
  const [trials, bins, units] = shape,
    parts = (count: number, name: string) => {
      const order = random(1, name).shuffled(upTo(count));
      return new Set(order.filter((_, place) => place % 5 === fold));
    };
  const [heldTrials, heldUnits] = [parts(trials, "trials of folds"), parts(units, "units of folds")],
    stream = random(fold, "validation"),
    data = new Float64Array(trials * bins * units),
    of = (inside: (trial: number, bin: number, unit: number) => boolean): Tensor3 => ({
      shape,
      data: data.map((_, at) =>
        inside(Math.floor(at / bins / units), Math.floor(at / units) % bins, at % units) ? 1 : 0,
      ),
    });
  const future = of((k, t) => heldTrials.has(k) && t >= bins - futureBins),
    held = of((k, t, i) => heldTrials.has(k) && heldUnits.has(i) && t < bins - futureBins),
    rest = of((k, t, i) => !(heldTrials.has(k) && (heldUnits.has(i) || t >= bins - futureBins))),
    drawn = rest.data.map((entry) => (entry === 1 && stream.uniform() < 0.05 ? 1 : 0)),
    validation: Tensor3 = { shape, data: drawn },
    train: Tensor3 = { shape, data: rest.data.map((entry, at) => entry - drawn[at]) };
  return { train, validation, future, held };
}

const scores = (data: Tensor3, { held, future }: ReturnType<typeof foldOf>, prediction: Tensor3) => ({
  held: bitsPerSpike(data, prediction, { over: held }).total,
  future: bitsPerSpike(data, prediction, { over: future }).total,
});

const network: Candidate = {
  axes: ["hypothesis", "rank", "seed"],
  whole: true,
  async fit(given, { axes, options }) {
    const data = given as Tensor3,
      fold = foldOf(data, axes.seed as number),
      { network, ...rest } = options as unknown as Labeled & FitOptions,
      fixed = { trialKernel: fixedTrialFactors(data.shape[0]) };
    const fit = await fitLowTensorRank(data, axes.rank as number, {
      ...rest,
      mask: fold.train,
      validation: fold.validation,
      network: { ...network, ...(axes.hypothesis === "nothing" ? fixed : {}) },
    });
    return { status: fit.status, facts: { ...scores(data, fold, fit.prediction), steps: fit.steps } };
  },
};

const kernelMean: Candidate = {
  axes: ["seed"],
  whole: true,
  fit(given, { axes, options }) {
    const data = given as Tensor3,
      fold = foldOf(data, axes.seed as number),
      { conditions } = options as unknown as Labeled,
      { train, validation } = fold;
    const { prediction } = smoothedConditionMean(data, { train, validation, conditions });
    return { status: "converged", facts: scores(data, fold, prediction) };
  },
};

const fitted = { network: { units: 32 }, inputs: 3 },
  training = { loss: "poisson", starts: 1, steps: 150, precision: "float32" };

const { name, activity, conditions, epochs } = spikes(),
  labels = { conditions, epochs },
  seed = upTo(folds),
  ranks = [1, 2, 3, 4];
const single = { ...fitted, network: { ...fitted.network, initialStates: { sigma: 1 } } };
const rows = await cells(
  `counts-${name}`,
  activity,
  [
    { model: "kernelMean", axes: { seed }, options: { conditions } },
    {
      model: "network",
      axes: { hypothesis: ["nothing"], rank: [2], seed },
      options: { ...labels, ...fitted, training },
    },
    {
      model: "network",
      axes: { hypothesis: ["weights"], rank: ranks, seed },
      options: { ...labels, ...fitted, training },
    },
    { model: "network", axes: { rank: ranks, seed }, options: { ...labels, ...single, training } },
  ],
  { network, kernelMean },
);
const text = (fact: string, hypothesis: string | undefined, rank: number | undefined) =>
  meanText(
    rows
      .filter(({ axes }) => axes.hypothesis === hypothesis && axes.rank === rank)
      .map(({ facts }) => facts[fact] as number),
  );
console.log(`\nMonkey ${name}, ${folds} folds\n`);
const shown = [
  ["kernel mean", undefined, undefined],
  ["RNN, fixed weights", "nothing", 2],
  ...ranks.map((rank) => ["ltrRNN", "weights", rank] as const),
  ...ranks.map((rank) => ["ltrRNN, each trial its initial state", undefined, rank] as const),
] as const;
printTable(
  ["prediction", "rank", "held-out units", `last ${futureBins} bins`],
  shown.map(([words, hypothesis, rank]) => [
    words,
    rank ?? "",
    text("held", hypothesis, rank),
    text("future", hypothesis, rank),
  ]),
);
