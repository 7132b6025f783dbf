/**
 * Held-out boxes of 11 trials, 5 bins and all factors: ltrRNNs of ranks 1 to 6 beside baselines, and the ceiling that
 * pairs of near trials give. Share of the variance explained; means and standard errors over folds.
 */
import {
  cpAls,
  cpToTensor,
  oneStandardError,
  ridgePenalty,
  varianceExplained,
  type Candidate,
  type GridRow,
  type Tensor3,
} from "ltrnn";
import { cells, folds, meanText, printTable, upTo } from "./cells";
import { monkeys } from "./recordings";

/** Means of factors over the entries of a mask. */
function meansOf({ shape, data }: Tensor3, mask: Tensor3): Float64Array {
  const sums = new Float64Array(shape[2]),
    counts = new Float64Array(shape[2]);
  data.forEach((x, at) => {
    if (mask.data[at] === 0) return;
    sums[at % shape[2]] += x;
    counts[at % shape[2]]++;
  });
  return sums.map((sum, i) => sum / counts[i]);
}

/**
 * What a perfect mean of every trial could explain: half the mean squared difference of neighboring trials of one
 * direction is noise. What changes between neighbors counts as noise too.
 */
const ceiling: Candidate = {
  axes: [],
  fit(given, { options }, { train, test }) {
    const data = given as Tensor3,
      [trials, bins, neurons] = data.shape,
      size = bins * neurons,
      { conditions } = options as { readonly conditions: readonly number[] };
    const means = meansOf(data, train as Tensor3);
    let [noise, whole] = [0, 0];
    for (let k = 0; k < trials; k++) {
      const before = conditions.lastIndexOf(conditions[k], k - 1);
      for (let at = k * size, other = before * size; k > 0 && before >= 0 && at < (k + 1) * size; at++, other++) {
        if (test.data[at] === 0 || Number.isNaN(data.data[other])) continue;
        noise += (data.data[at] - data.data[other]) ** 2 / 2;
        whole += (data.data[at] - means[at % neurons]) ** 2;
      }
    }
    return { status: "converged", facts: { ceiling: 1 - noise / whole } };
  },
};

/** of all factors; chosen on the validation entries */
const strengths = [0.1, 1, 10, 100];

/** CP of what is left of the means of factors, with a ridge: without one it diverges where whole boxes are missing. */
const ridgedCp: Candidate = {
  axes: ["rank"],
  fit(given, { axes }, { train, validation }) {
    const data = given as Tensor3,
      means = meansOf(data, train as Tensor3),
      centered = { shape: data.shape, data: data.data.map((x, at) => x - means[at % means.length]) };
    let best = { score: Number.NEGATIVE_INFINITY, strength: 0, prediction: data, status: "exhausted" };
    for (const strength of strengths) {
      const ridge = ridgePenalty(strength),
        { weights, factors, status } = cpAls(centered, axes.rank as number, {
          mask: train,
          missing: "impute",
          constraints: [ridge, ridge, ridge],
          seed: 0,
        }),
        { shape, data: found } = cpToTensor({ weights, factors }),
        prediction = { shape, data: found.map((x, at) => x + means[at % means.length]) } as Tensor3,
        score = varianceExplained(data, prediction, { train: train as Tensor3, over: validation as Tensor3 });
      if (score > best.score) best = { score, strength, prediction, status };
    }
    return { status: best.status as "converged", prediction: best.prediction, facts: { strength: best.strength } };
  },
};

const fitted = {
  network: { units: 64 },
  inputs: 4,
  training: { starts: 1, precision: "float32" },
};

for (const { name, activity, conditions, epochs } of monkeys()) {
  const options = { conditions, epochs, ...fitted };
  const rows = await cells(
    `boxes-${name}`,
    activity,
    [
      ...["ceiling", "conditionMean", "smoothedConditionMean", "reducedRankKernel", "trialPca", "maskedCp"].map(
        (model) => ({ model, options: { conditions } }),
      ),
      { model: "sliceComponents", options: { conditions, passes: 30 } },
      { model: "linearDynamics", options: { conditions, ranks: [5], passes: 10 } },
      { model: "ridgedCp", axes: { rank: [3, 8] } },
      { axes: { hypothesis: ["nothing", "inputs", "jump", "shuffled", "free"], rank: [3] }, options },
      { axes: { hypothesis: ["weights"], rank: [1, 2, 3, 4, 5, 6] }, options },
    ],
    { ceiling, ridgedCp },
    { boxes: { half: [5, 2, Number.POSITIVE_INFINITY] } },
  );
  const texts: Readonly<Record<string, string>> = {
    ceiling: "ceiling, by pairs of near trials",
    conditionMean: "mean of the direction",
    smoothedConditionMean: "kernel mean of the direction",
    reducedRankKernel: "the same at a reduced rank",
    trialPca: "PCA of trials",
    maskedCp: "masked CP about the mean of the direction",
    sliceComponents: "sliceTCA about the mean of the direction",
    linearDynamics: "linear dynamical system about the mean of the direction, 5 states",
    ridgedCp: "masked CP about means of factors, with a ridge",
    nothing: "RNN, fixed weights",
    inputs: "RNN, inputs that change",
    jump: "RNN, weights that jump with the switch alone",
    shuffled: "ltrRNN, order of trials shuffled",
    free: "RNN, weights of each trial without a prior",
    weights: "ltrRNN",
  };
  const points = new Map<string, GridRow[]>();
  for (const row of rows) {
    const key = `${row.model} ${JSON.stringify(row.axes)}`;
    points.set(key, [...(points.get(key) ?? []), row]);
  }
  const chosenOf = (cell: readonly GridRow[]) =>
    ["maskedCp", "reducedRankKernel", "trialPca"].includes(cell[0].model)
      ? [...new Set(cell.map(({ facts }) => Number(facts.chosen)))].sort((p, q) => p - q).join(", ")
      : "";
  console.log(`\nMonkey ${name}, ${folds} folds\n`);
  printTable(
    ["prediction", "rank, or those chosen", "test", "training", "exhausted"],
    [...points.values()].map((cell) => {
      const { model, axes } = cell[0],
        of = (pick: (row: (typeof cell)[number]) => unknown) => cell.map(pick).filter((x) => typeof x === "number"),
        test = of(({ test, facts }) => test ?? facts.ceiling),
        training = of(({ training }) => training);
      return [
        texts[String(axes.hypothesis ?? model)],
        String(axes.rank ?? chosenOf(cell)),
        meanText(test),
        training.length > 0 ? meanText(training) : "",
        axes.hypothesis ? `${cell.filter(({ status }) => status === "exhausted").length} of ${cell.length}` : "",
      ];
    }),
  );
  /** scores of every fold that has finished */
  const scoresOf = (inside: (row: GridRow) => boolean) =>
      upTo(folds).map((fold) => rows.find((row) => row.fold === fold && inside(row))?.test ?? undefined),
    own = scoresOf(({ axes }) => axes.hypothesis === "weights" && axes.rank === 3);
  const less = (other: string) => {
    const scores = scoresOf(({ model, axes }) => (axes.hypothesis === undefined ? model : axes.hypothesis) === other);
    return meanText(
      own.flatMap((score, fold) => {
        const rival = scores[fold];
        return score === undefined || rival === undefined ? [] : [score - rival];
      }),
    );
  };
  console.log(
    `\nWithin folds, the ltrRNN of rank 3 less the kernel mean ${less("smoothedConditionMean")}, less fixed ` +
      `weights ${less("nothing")}, less inputs that change ${less("inputs")}, less weights that jump ` +
      `${less("jump")}, less a shuffled order ${less("shuffled")}, less weights without a prior ${less("free")}.`,
  );
  console.log(`\n${oneStandardError(rows.filter(({ model }) => model !== "ceiling"))?.statement}`);
}
