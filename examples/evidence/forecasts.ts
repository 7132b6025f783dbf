/**
 * Forecasts within single trials: held-out trials from their own past, 1 to 5 bins ahead. R2 over all factors of bins
 * that have at least one known bin before them by as much; means and standard errors over folds of trials.
 */
import {
  fitLowTensorRank,
  fixedTrialFactors,
  forecast,
  random,
  smoothedConditionMean,
  varianceExplained,
  type Candidate,
  type FitOptions,
  type Tensor3,
} from "ltrnn";
import { cells, folds, meanText, printTable, upTo } from "./cells";
import { monkeys } from "./recordings";
import { residualForecasts } from "./residual-forecasts";

const horizons = [1, 2, 3, 4, 5];

interface Labeled {
  readonly conditions: readonly number[];
  readonly epochs: readonly number[];
}

/** A fold: a fifth of the trials, drawn at random, is held out as a whole. */
function foldOf(data: Tensor3, fold: number) {
  const [trials, bins, neurons] = data.shape,
    order = random(1, "folds of trials").shuffled(upTo(trials)),
    size = bins * neurons,
    held = new Set(order.filter((_, place) => place % 5 === fold));
  const of = (inside: (trial: number, bin: number) => boolean): Tensor3 => ({
    shape: data.shape,
    data: data.data.map((x, at) =>
      !Number.isNaN(x) && inside(Math.floor(at / size), Math.floor(at / neurons) % bins) ? 1 : 0,
    ),
  });
  // boxes of three bins of single trials: a filter predicts them 1 to 3 bins ahead
  const stream = random(fold, "gaps"),
    gaps = upTo(trials).map(() => (stream.uniform() < 0.3 ? stream.int(2, bins - 3) : bins));
  const inGap = (trial: number, bin: number) => bin >= gaps[trial] && bin < gaps[trial] + 3;
  return {
    train: of((trial, bin) => !held.has(trial) && !inGap(trial, bin)),
    validation: of((trial, bin) => !held.has(trial) && inGap(trial, bin)),
    rest: of((trial) => !held.has(trial)),
    observed: of(() => true),
    over: (ahead: number) => of((trial, bin) => held.has(trial) && bin >= ahead),
  };
}

const scores = (data: Tensor3, fold: ReturnType<typeof foldOf>, predict: (ahead: number) => Tensor3) =>
  horizons.map((ahead) => varianceExplained(data, predict(ahead), { train: fold.rest, over: fold.over(ahead) }));

/** ltrRNNs as filters: what may change over trials is the hypothesis. Forecasts of all starts are averaged. */
const filter: Candidate = {
  axes: ["hypothesis", "rank", "seed"],
  whole: true,
  async fit(given, { axes, options }) {
    const data = given as Tensor3,
      fold = foldOf(data, axes.seed as number),
      { network, inputs, training, starts, ...labels } = options as unknown as Labeled &
        FitOptions & { readonly starts: number },
      rank = axes.rank as number,
      fixed = { ...network, trialKernel: fixedTrialFactors(data.shape[0]) };
    const each: Tensor3[][] = [],
      steps: number[] = [];
    for (let seed = 0; seed < starts; seed++) {
      const fit = await fitLowTensorRank(data, rank, {
        ...labels,
        mask: fold.train,
        validation: fold.validation,
        network: { filter: true, ...(axes.hypothesis === "weights" ? network : fixed) },
        inputs:
          axes.hypothesis === "inputs" ? { count: inputs as number, changing: rank } : { count: inputs as number },
        ...(training ? { training } : {}),
        seed,
      });
      each.push(horizons.map((ahead) => forecast(fit, data, { mask: fold.observed, ahead }).prediction));
      steps.push(fit.bestStep);
    }
    const mean = (ahead: number): Tensor3 => {
      const all = each.map((predictions) => predictions[ahead - 1].data);
      return {
        shape: data.shape,
        data: all[0].map((_, at) => all.reduce((sum, one) => sum + one[at], 0) / starts),
      };
    };
    return {
      status: "converged",
      facts: {
        r2: scores(data, fold, mean),
        each: each.map((predictions) => scores(data, fold, (ahead) => predictions[ahead - 1])),
        steps,
      },
    };
  },
};

/** The kernel mean of each direction, and linear predictions of what single trials deviate from it. */
const kernel: Candidate = {
  axes: ["decoder", "seed"],
  whole: true,
  fit(given, { axes, options }) {
    const data = given as Tensor3,
      fold = foldOf(data, axes.seed as number),
      { conditions } = options as unknown as Labeled,
      width = smoothedConditionMean(data, { train: fold.train, validation: fold.validation, conditions }).chosen;
    const predict = residualForecasts(data, fold, conditions, Number(width));
    return {
      status: "converged",
      facts: { r2: scores(data, fold, (ahead) => predict(axes.decoder as string, ahead)) },
    };
  },
};

/** The same for all hypotheses: a full matrix of weights that does not change, and rank 3 of what may. */
const setting = {
  network: { units: 64, staticRank: "full" },
  inputs: 3,
  starts: 2,
  training: { starts: 1, steps: 250, precision: "float32" },
};

/** Rows of the table: the hypothesis or the regression, or the first start alone. */
const names: Readonly<Record<string, string>> = {
  weights: "ltrRNN as a filter, mean of two starts",
  nothing: "the same, fixed weights",
  inputs: "the same, inputs that change",
  first: "the ltrRNN, one start",
  mean: "kernel mean",
  residual: "+ linear prediction of residuals",
  direction: "+ coefficients of each direction",
};

for (const { name, activity, conditions, epochs } of monkeys()) {
  const seed = upTo(folds);
  const rows = await cells(
    `forecasts-${name}`,
    activity,
    [
      { model: "kernel", axes: { decoder: ["mean", "residual", "direction"], seed }, options: { conditions } },
      {
        model: "filter",
        axes: { hypothesis: ["weights", "nothing", "inputs"], rank: [3], seed },
        options: { conditions, epochs, ...setting },
      },
    ],
    { filter, kernel },
  );
  console.log(`\nMonkey ${name}, ${folds} folds\n`);
  /** R2 of all horizons in each fold that has finished */
  const scoresOf = (key: string) =>
    upTo(folds).map((fold) => {
      const wanted = key === "first" ? "weights" : key,
        row = rows.find(({ axes }) => (axes.hypothesis ?? axes.decoder) === wanted && axes.seed === fold),
        { each, r2 } = (row?.facts ?? {}) as { readonly each?: number[][]; readonly r2?: number[] };
      return key === "first" ? each?.[0] : r2;
    });
  const done = <T>(values: readonly (T | undefined)[]) => values.filter((value) => value !== undefined);
  const own = scoresOf("weights");
  const gain = (key: string, h: number) => {
    const other = scoresOf(key);
    return meanText(done(own.map((r2, fold) => (r2 && other[fold] ? r2[h] - other[fold][h] : undefined))));
  };
  printTable(
    ["forecast", "folds", ...horizons.map((ahead) => `${ahead} ahead`), "the ltrRNN less it, 1 ahead", "5 ahead"],
    Object.keys(names)
      .map((key) => ({ key, scores: done(scoresOf(key)) }))
      .filter(({ scores }) => scores.length > 0)
      .map(({ key, scores }) => [
        names[key],
        scores.length,
        ...horizons.map((_, h) => meanText(scores.map((r2) => r2[h]))),
        ...(key === "weights" ? ["", ""] : [gain(key, 0), gain(key, 4)]),
      ]),
  );
}
