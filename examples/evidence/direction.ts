/**
 * A direction that was never seen after the switch: one target's trials of the perturbed block are left out, and
 * predicted from all others. R2 of these trials about the means of factors over the trials fitted; means and standard
 * errors over targets.
 */
import {
  fitLowTensorRank,
  fixedTrialFactors,
  varianceExplained,
  zeros,
  type Candidate,
  type FitOptions,
  type Tensor3,
} from "ltrnn";
import { cells, meanText, printTable, upTo } from "./cells";
import { monkeys } from "./recordings";
import { angularChange, meanOfTrials, shrunkenAngularChange } from "./angular-change";

interface Labeled {
  readonly conditions: readonly number[];
  readonly epochs: readonly number[];
}

/** What is left out with a target, and what is fitted. */
function foldOf(data: Tensor3, target: number, { conditions, epochs }: Labeled) {
  const size = data.shape[1] * data.shape[2],
    out = conditions.map((condition, k) => condition === target && epochs[k] === 1);
  const of = (inside: (trial: number) => boolean): Tensor3 => ({
    shape: data.shape,
    data: data.data.map((x, at) => (!Number.isNaN(x) && inside(Math.floor(at / size)) ? 1 : 0)),
  });
  return { out, train: of((k) => !out[k]), over: of((k) => out[k]), of };
}

/** The mean of an array (bins × factors) over the trials left out, in all of them. */
function inTrials(shape: Tensor3["shape"], mean: Float64Array): Tensor3 {
  const prediction = zeros(shape);
  for (let k = 0; k < shape[0]; k++) prediction.data.set(mean, k * mean.length);
  return prediction;
}

const network: Candidate = {
  axes: ["hypothesis", "rank", "seed"],
  whole: true,
  async fit(given, { axes, options }) {
    const data = given as Tensor3,
      { network, inputs, training, starts, ...labels } = options as unknown as Labeled &
        FitOptions & { readonly starts: number },
      fold = foldOf(data, axes.seed as number, labels),
      rank = axes.rank as number,
      fixed = { ...network, trialKernel: fixedTrialFactors(data.shape[0]) },
      left = fold.out.map(Number),
      means: Float64Array[] = [];
    for (let seed = 0; seed < starts; seed++) {
      const { prediction } = await fitLowTensorRank(data, rank, {
        ...labels,
        mask: fold.train,
        network: axes.hypothesis === "weights" ? { ...network } : fixed,
        inputs:
          axes.hypothesis === "inputs"
            ? { count: inputs as number, changing: rank, trialKernel: network?.trialKernel as never }
            : { count: inputs as number },
        ...(training ? { training } : {}),
        seed,
      });
      means.push(meanOfTrials(prediction, fold.over, (k) => left[k] === 1));
    }
    const scoreOf = (mean: Float64Array) =>
      varianceExplained(data, inTrials(data.shape, mean), { train: fold.train, over: fold.over });
    const all = means[0].map((_, at) => means.reduce((sum, mean) => sum + mean[at], 0) / starts);
    return { status: "converged", facts: { each: means.map(scoreOf), all: scoreOf(all) } };
  },
};

const rivals: Candidate = {
  axes: ["seed"],
  whole: true,
  fit(given, { axes, options }) {
    const data = given as Tensor3,
      labels = options as unknown as Labeled,
      target = axes.seed as number,
      { out, train, over, of } = foldOf(data, target, labels),
      before = meanOfTrials(data, train, (k) => labels.conditions[k] === target),
      changed = angularChange(data, train, labels, target),
      places = new Map(out.flatMap((inside, k) => (inside ? [k] : [])).map((k, place) => [k, place % 2]));
    const scoreOf = (mean: Float64Array, where = over) =>
      varianceExplained(data, inTrials(data.shape, mean), { train, over: where });
    const halves = [0, 1].map((half) => {
      const [own, other] = [of((k) => places.get(k) === half), of((k) => places.get(k) === 1 - half)];
      return scoreOf(
        meanOfTrials(data, own, () => true),
        other,
      );
    });
    return {
      status: "converged",
      facts: {
        before: scoreOf(before),
        angular: scoreOf(before.map((x, at) => x + changed[at])),
        half: (halves[0] + halves[1]) / 2,
      },
    };
  },
};

/** The angular model with a ridge that the other targets choose. */
const shrunken: Candidate = {
  axes: ["seed"],
  whole: true,
  fit(given, { axes, options }) {
    const data = given as Tensor3,
      labels = options as unknown as Labeled,
      target = axes.seed as number,
      { train, over } = foldOf(data, target, labels),
      before = meanOfTrials(data, train, (k) => labels.conditions[k] === target),
      changed = shrunkenAngularChange(data, train, labels, target),
      prediction = inTrials(
        data.shape,
        before.map((x, at) => x + changed[at]),
      );
    return { status: "converged", facts: { shrunken: varianceExplained(data, prediction, { train, over }) } };
  },
};

const setting = {
  network: { units: 64, trialKernel: { constants: "perEpoch" } },
  inputs: 4,
  starts: 4,
  training: { starts: 1, steps: 100, precision: "float32" },
};

for (const { name, activity, conditions, epochs } of monkeys()) {
  const seed = [...new Set(conditions)].sort((p, q) => p - q).slice(0, Number(process.env.LTRNN_FOLDS ?? 8)),
    options = { conditions, epochs };
  const angular = await cells(
    `direction-shrunken-${name}`,
    activity,
    [{ model: "shrunken", axes: { seed }, options }],
    { shrunken },
  );
  const fits = await cells(
    `direction-${name}`,
    activity,
    [
      { model: "rivals", axes: { seed }, options },
      {
        model: "network",
        axes: { hypothesis: ["weights", "inputs"], rank: [3], seed },
        options: { ...options, ...setting },
      },
    ],
    { rivals, network },
  );
  const rows = [...fits, ...angular];
  const of = (fact: string, hypothesis?: string) =>
    rows
      .filter(({ axes, facts }) => axes.hypothesis === hypothesis && fact in facts)
      .map(({ facts }) => facts[fact] as number);
  const first = (hypothesis: string) =>
    rows.filter(({ axes }) => axes.hypothesis === hypothesis).map(({ facts }) => (facts.each as number[])[0]);
  console.log(`\nMonkey ${name}, ${seed.length} targets\n`);
  const shown = [
    ["ltrRNN, weights change, mean of its starts", of("all", "weights")],
    ["one start", first("weights")],
    ["inputs change, mean of its starts", of("all", "inputs")],
    ["one start", first("inputs")],
    ["the target's mean before the switch", of("before")],
    ["that and the angular model of the change", of("angular")],
    ["that model, shrunken by what the other targets choose", of("shrunken")],
    ["half of the left-out trials themselves", of("half")],
  ] as const;
  printTable(
    ["prediction", "R2", ...seed.map((target) => `${target}°`)],
    shown.map(([text, values]) => [text, meanText(values), ...values.map((r2) => r2.toFixed(2))]),
  );
  const gain = (fact: string, hypothesis?: string) =>
    meanText(upTo(seed.length).map((k) => of("all", "weights")[k] - of(fact, hypothesis)[k]));
  console.log(
    `\nAhead of the angular model by ${gain("angular")}, of the shrunken one by ${gain("shrunken")}, ` +
      `of inputs that change by ${gain("all", "inputs")}.`,
  );
}
