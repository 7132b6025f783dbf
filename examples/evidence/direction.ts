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
  type GridRow,
  type Tensor3,
} from "ltrnn";
import { angularChange, meanOfTrials, shrunkenAngularChange } from "./angular-change";
import { cells, meanText, printTable } from "./cells";
import { monkeys } from "./recordings";

interface Labeled {
  readonly conditions: readonly number[];
  readonly epochs: readonly number[];
}

/** What is left out with one target or several, and what is fitted. */
function foldOf(data: Tensor3, targets: readonly number[], { conditions, epochs }: Labeled) {
  const size = data.shape[1] * data.shape[2],
    out = conditions.map((condition, k) => targets.includes(condition) && epochs[k] === 1);
  const of = (inside: (trial: number) => boolean): Tensor3 => ({
    shape: data.shape,
    data: data.data.map((x, at) => (!Number.isNaN(x) && inside(Math.floor(at / size)) ? 1 : 0)),
  });
  return { train: of((k) => !out[k]), of };
}

/** How well a mean (bins × factors) predicts the trials of a target after the switch. */
function scoreOf(data: Tensor3, labels: Labeled, target: number, mean: Float64Array, targets = [target]): number {
  const { train, of } = foldOf(data, targets, labels),
    over = of((k) => labels.conditions[k] === target && labels.epochs[k] === 1),
    prediction = zeros(data.shape);
  for (let k = 0; k < data.shape[0]; k++) prediction.data.set(mean, k * mean.length);
  return varianceExplained(data, prediction, { train, over });
}

/** What a network says of a target: its means before and after the switch, in each start. */
type Said = Readonly<Record<string, readonly { readonly before: number[]; readonly after: number[] }[]>>;

/**
 * A target's trials after the switch are left out, and with them those of the target that is `size` degrees from it,
 * where that is not 0: what is predicted of that one chooses, and the target itself is not in view.
 */
const network: Candidate = {
  axes: ["hypothesis", "rank", "size", "seed"],
  whole: true,
  async fit(given, { axes, options }) {
    const data = given as Tensor3,
      { network, inputs, training, starts, ...labels } = options as unknown as Labeled &
        FitOptions & { readonly starts: number },
      target = axes.seed as number,
      targets = [...new Set([target, (target + (axes.size as number)) % 360])],
      rank = axes.rank as number,
      fixed = { ...network, trialKernel: fixedTrialFactors(data.shape[0]) },
      everywhere: Tensor3 = { shape: data.shape, data: data.data.map(() => 1) },
      said: Record<string, { before: number[]; after: number[] }[]> = {};
    for (let seed = 0; seed < starts; seed++) {
      const { prediction } = await fitLowTensorRank(data, rank, {
        ...labels,
        mask: foldOf(data, targets, labels).train,
        network: axes.hypothesis === "weights" ? { ...network } : fixed,
        inputs:
          axes.hypothesis === "inputs"
            ? { count: inputs as number, changing: rank, trialKernel: network?.trialKernel as never }
            : { count: inputs as number },
        ...(training ? { training } : {}),
        seed,
      });
      const mean = (one: number, epoch: number) => [
        ...meanOfTrials(prediction, everywhere, (k) => labels.conditions[k] === one && labels.epochs[k] === epoch),
      ];
      for (const one of targets) said[one] = [...(said[one] ?? []), { before: mean(one, 0), after: mean(one, 1) }];
    }
    return { status: "converged", facts: { said } };
  },
};

/** What needs no network, and the angular model with a ridge that the other targets choose. */
const rivals: Candidate = {
  axes: ["seed"],
  whole: true,
  fit(given, { axes, options }) {
    const data = given as Tensor3,
      labels = options as unknown as Labeled,
      target = axes.seed as number,
      { train, of } = foldOf(data, [target], labels),
      before = meanOfTrials(data, train, (k) => labels.conditions[k] === target),
      out = labels.conditions.flatMap((one, k) => (one === target && labels.epochs[k] === 1 ? [k] : [])),
      plus = (change: Float64Array) =>
        scoreOf(
          data,
          labels,
          target,
          before.map((x, at) => x + change[at]),
        );
    const halves = [0, 1].map((half) => {
      const [own, other] = [0, 1].map((which) => new Set(out.filter((_, place) => place % 2 === (half + which) % 2))),
        mean = meanOfTrials(
          data,
          of((k) => own.has(k)),
          () => true,
        ),
        prediction = zeros(data.shape);
      for (let k = 0; k < data.shape[0]; k++) prediction.data.set(mean, k * mean.length);
      return varianceExplained(data, prediction, { train, over: of((k) => other.has(k)) });
    });
    return {
      status: "converged",
      facts: {
        before: scoreOf(data, labels, target, before),
        angular: plus(angularChange(data, train, labels, target)),
        shrunken: plus(shrunkenAngularChange(data, train, labels, target)),
        half: (halves[0] + halves[1]) / 2,
      },
    };
  },
};

const setting = {
    network: { units: 64, staticRank: "full", trialKernel: { constants: "perEpoch" } },
    inputs: 4,
    training: { starts: 1, steps: 100, precision: "float32" },
  },
  /** how much of the change that a network predicts is believed; the targets left out beside choose */
  shares = [0, 0.25, 0.5, 0.75, 1];

for (const { name, activity, conditions, epochs } of monkeys()) {
  const targets = [...new Set(conditions)].sort((p, q) => p - q),
    seed = targets.slice(0, Number(process.env.LTRNN_FOLDS ?? 8)),
    labels = { conditions, epochs },
    hypothesis = ["weights", "inputs"];
  const pairs = (size: number, seed: readonly number[]) => ({
    model: "network",
    axes: { hypothesis, rank: [3], size: [size], seed },
    options: { ...labels, ...setting, starts: 1 },
  });
  const rows = await cells(
    `direction-${name}`,
    activity,
    [
      { model: "rivals", axes: { seed }, options: labels },
      {
        model: "network",
        axes: { hypothesis, rank: [3], size: [0], seed },
        options: { ...labels, ...setting, starts: 3 },
      },
      pairs(90, targets),
      pairs(
        180,
        targets.filter((target) => target < 180),
      ),
    ],
    { rivals, network },
  );
  const networks = rows.filter(({ model }) => model === "network"),
    saidOf = ({ facts }: GridRow, target: number) => (facts.said as Said)[target];
  const meanOf = (vectors: readonly (readonly number[])[]) =>
    Float64Array.from(vectors[0], (_, at) => vectors.reduce((sum, one) => sum + one[at], 0) / vectors.length);
  const beforeOf = new Map(
    targets.map((target) => [
      target,
      meanOfTrials(activity, foldOf(activity, [target], labels).train, (k) => conditions[k] === target),
    ]),
  );
  /** the target's own mean before the switch, and so much of the change that the network predicts of it */
  function withChange(said: Said[string], target: number, share: number): Float64Array {
    const [before, after] = [meanOf(said.map((one) => one.before)), meanOf(said.map((one) => one.after))];
    return (beforeOf.get(target) as Float64Array).map((x, at) => x + share * (after[at] - before[at]));
  }
  /** the share that predicts best the targets which were left out beside this one */
  function shareFor(hypothesis: string, target: number): number {
    const beside = networks.flatMap((row) => {
      const { axes } = row,
        [one, other] = [axes.seed as number, ((axes.seed as number) + (axes.size as number)) % 360];
      if (axes.hypothesis !== hypothesis || axes.size === 0 || (one !== target && other !== target)) return [];
      return [{ said: saidOf(row, one === target ? other : one), one: one === target ? other : one }];
    });
    const scores = shares.map((share) =>
      beside.reduce(
        (sum, { said, one }) => sum + scoreOf(activity, labels, one, withChange(said, one, share), [one, target]),
        0,
      ),
    );
    return shares[scores.indexOf(Math.max(...scores))];
  }
  function outer(hypothesis: string, target: number) {
    const [row] = networks.filter(
      ({ axes }) => axes.hypothesis === hypothesis && axes.size === 0 && axes.seed === target,
    );
    return saidOf(row, target);
  }
  const shown = (hypothesis: string) => {
    const direct = (count: number) =>
        seed.map((target) => {
          const said = outer(hypothesis, target).slice(0, count);
          return scoreOf(activity, labels, target, meanOf(said.map((one) => one.after)));
        }),
      chosen = seed.map((target) => shareFor(hypothesis, target));
    return {
      chosen,
      change: seed.map((target, k) =>
        scoreOf(activity, labels, target, withChange(outer(hypothesis, target), target, chosen[k])),
      ),
      mean: direct(3),
      one: direct(1),
    };
  };
  const of = (fact: string) => rows.filter(({ model }) => model === "rivals").map(({ facts }) => facts[fact] as number);
  const [weights, inputs] = [shown("weights"), shown("inputs")];
  const lines = [
    ["the target's mean before the switch, and the change that the ltrRNN predicts, shrunken", weights.change],
    ["the same, inputs that change", inputs.change],
    ["that mean, and the angular model of the change, shrunken", of("shrunken")],
    ["the same, not shrunken", of("angular")],
    ["that mean alone", of("before")],
    ["what the ltrRNN predicts, mean of three starts", weights.mean],
    ["one start", weights.one],
    ["inputs that change, mean of three starts", inputs.mean],
    ["one start", inputs.one],
    ["half of the left-out trials themselves", of("half")],
  ] as const;
  console.log(`
Monkey ${name}, ${seed.length} targets
`);
  printTable(
    ["prediction", "R2", ...seed.map((target) => `${target}°`)],
    lines.map(([text, values]) => [text, meanText(values), ...values.map((r2) => r2.toFixed(2))]),
  );
  const less = (own: readonly number[], other: readonly number[]) => meanText(own.map((r2, k) => r2 - other[k]));
  console.log(
    `
Over targets, the first row less the shrunken angular model ${less(weights.change, of("shrunken"))}, less the ` +
      `angular model ${less(weights.change, of("angular"))}, less inputs that change ` +
      `${less(weights.change, inputs.change)}, less the mean before the switch ${less(weights.change, of("before"))}. ` +
      `By itself, the ltrRNN less the angular model ${less(weights.mean, of("angular"))}, less inputs that change by ` +
      `themselves ${less(weights.mean, inputs.mean)}. Shares chosen: ${weights.chosen.join(", ")} of the ltrRNN's ` +
      `change, ${inputs.chosen.join(", ")} of that of inputs.`,
  );
}
