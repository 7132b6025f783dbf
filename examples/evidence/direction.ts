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
import { angularChange, meanOfTrials, shrunkenAngularChange } from "./angular-change";
import { cells, meanText, printTable, upTo } from "./cells";
import { monkeys } from "./recordings";

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
  return { train: of((k) => !out[k]), of };
}

/** How well a mean (bins × factors) predicts the trials of a target after the switch. */
function scoreOf(data: Tensor3, labels: Labeled, target: number, mean: Float64Array): number {
  const { train, of } = foldOf(data, target, labels),
    over = of((k) => labels.conditions[k] === target && labels.epochs[k] === 1),
    prediction = zeros(data.shape);
  for (let k = 0; k < data.shape[0]; k++) prediction.data.set(mean, k * mean.length);
  return varianceExplained(data, prediction, { train, over });
}

/** What a network says of a target: its means before and after the switch, in each start. */
type Said = readonly { readonly before: number[]; readonly after: number[] }[];

const network: Candidate = {
  axes: ["hypothesis", "rank", "seed"],
  whole: true,
  async fit(given, { axes, options }) {
    const data = given as Tensor3,
      { network, inputs, training, starts, ...labels } = options as unknown as Labeled &
        FitOptions & { readonly starts: number },
      target = axes.seed as number,
      rank = axes.rank as number,
      fixed = { ...network, trialKernel: fixedTrialFactors(data.shape[0]) },
      everywhere: Tensor3 = { shape: data.shape, data: data.data.map(() => 1) },
      said: Said[number][] = [];
    for (let seed = 0; seed < starts; seed++) {
      const { prediction } = await fitLowTensorRank(data, rank, {
        ...labels,
        mask: foldOf(data, target, labels).train,
        network: axes.hypothesis === "weights" ? { ...network } : fixed,
        inputs:
          axes.hypothesis === "inputs"
            ? { count: inputs as number, changing: rank, trialKernel: network?.trialKernel as never }
            : { count: inputs as number },
        ...(training ? { training } : {}),
        seed,
      });
      const mean = (epoch: number) => [
        ...meanOfTrials(prediction, everywhere, (k) => labels.conditions[k] === target && labels.epochs[k] === epoch),
      ];
      said.push({ before: mean(0), after: mean(1) });
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
      { train, of } = foldOf(data, target, labels),
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
  /** of every network; what they predict is averaged */
  starts = 6,
  /** how much of the change that a network predicts is believed; the other targets choose */
  shares = [0, 0.25, 0.5, 0.75, 1];

for (const { name, activity, conditions, epochs } of monkeys()) {
  const seed = [...new Set(conditions)].sort((p, q) => p - q).slice(0, Number(process.env.LTRNN_FOLDS ?? 8)),
    labels = { conditions, epochs };
  const rows = await cells(
    `direction-${name}`,
    activity,
    [
      { model: "rivals", axes: { seed }, options: labels },
      {
        model: "network",
        axes: { hypothesis: ["weights", "inputs"], rank: [3], seed },
        options: { ...labels, ...setting, starts },
      },
    ],
    { rivals, network },
  );
  const meanOf = (vectors: readonly (readonly number[])[]) =>
    Float64Array.from(vectors[0], (_, at) => vectors.reduce((sum, one) => sum + one[at], 0) / vectors.length);
  /** what is predicted of each target, by its own mean before the switch and by a network; finished ones alone */
  function shown(hypothesis: string) {
    const said = seed.map(
      (target) =>
        rows.find(({ axes }) => axes.hypothesis === hypothesis && axes.seed === target)?.facts.said as Said | undefined,
    );
    /** R2 of means of so many starts, the mean over the groups that they make */
    const direct = (count: number) =>
      said.map((each, k) => {
        if (!each) return undefined;
        const groups = upTo(starts / count).map((group) => each.slice(group * count, (group + 1) * count)),
          scores = groups.map((group) => scoreOf(activity, labels, seed[k], meanOf(group.map(({ after }) => after))));
        return scores.reduce((sum, r2) => sum + r2, 0) / scores.length;
      });
    const byShare = shares.map((share) =>
      said.map((each, k) => {
        if (!each) return undefined;
        const own = meanOfTrials(activity, foldOf(activity, seed[k], labels).train, (i) => conditions[i] === seed[k]),
          [before, after] = [meanOf(each.map((one) => one.before)), meanOf(each.map((one) => one.after))];
        return scoreOf(
          activity,
          labels,
          seed[k],
          own.map((x, at) => x + share * (after[at] - before[at])),
        );
      }),
    );
    /** the place of the share that predicts the other targets best */
    const chosen = seed.map((_, k) => {
      const sums = byShare.map((scores) => scores.reduce<number>((sum, r2, i) => sum + (i === k ? 0 : (r2 ?? 0)), 0));
      return sums.indexOf(Math.max(...sums));
    });
    return {
      chosen: chosen.map((place) => shares[place]),
      change: chosen.map((place, k) => byShare[place][k]),
      mean: direct(starts),
      three: direct(3),
      one: direct(1),
    };
  }
  const of = (fact: string) => rows.filter(({ model }) => model === "rivals").map(({ facts }) => facts[fact] as number);
  const [weights, inputs] = [shown("weights"), shown("inputs")];
  const lines = [
    ["the target's mean before the switch, and the change that the ltrRNN predicts, shrunken", weights.change],
    ["the same, inputs that change", inputs.change],
    ["that mean, and the angular model of the change, shrunken", of("shrunken")],
    ["the same, not shrunken", of("angular")],
    ["that mean alone", of("before")],
    ["what the ltrRNN predicts, mean of six starts", weights.mean],
    ["three starts (mean of two such)", weights.three],
    ["one start (mean of six)", weights.one],
    ["inputs that change, mean of six starts", inputs.mean],
    ["three starts (mean of two such)", inputs.three],
    ["one start (mean of six)", inputs.one],
    ["half of the left-out trials themselves", of("half")],
  ] as const;
  const done = (values: readonly (number | undefined)[]) => values.filter((r2) => r2 !== undefined);
  console.log(`\nMonkey ${name}, ${seed.length} targets\n`);
  printTable(
    ["prediction", "R2", ...seed.map((target) => `${target}°`)],
    lines
      .filter(([, values]) => done(values).length > 1)
      .map(([text, values]) => [text, meanText(done(values)), ...values.map((r2) => r2?.toFixed(2) ?? "")]),
  );
  function less(own: readonly (number | undefined)[], other: readonly (number | undefined)[]): string {
    const both = own.flatMap((r2, k) => {
      const rival = other[k];
      return r2 === undefined || rival === undefined ? [] : [r2 - rival];
    });
    return both.length > 1 ? meanText(both) : "(not run)";
  }
  console.log(
    `\nOver targets, the first row less the shrunken angular model ${less(weights.change, of("shrunken"))}, less the ` +
      `angular model ${less(weights.change, of("angular"))}, less inputs that change ` +
      `${less(weights.change, inputs.change)}, less the mean before the switch ` +
      `${less(weights.change, of("before"))}. ` +
      `By itself, the ltrRNN less the angular model ${less(weights.mean, of("angular"))}, less its shrunken form ` +
      `${less(weights.mean, of("shrunken"))}, less inputs that change ${less(weights.mean, inputs.mean)}. Shares ` +
      `chosen: ${weights.chosen.join(", ")} of the ltrRNN's change, ${inputs.chosen.join(", ")} of that of inputs.`,
  );
}
