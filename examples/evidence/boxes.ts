/**
 * Held-out boxes of 11 trials, 5 bins and all factors: ltrRNNs of ranks 1 to 6 beside baselines, and the ceiling that
 * pairs of near trials give. Share of the variance explained; means and standard errors over folds.
 */
import { cpAls, cpToTensor, oneStandardError, type Candidate, type GridRow, type Tensor3 } from "ltrnn";
import { cells, folds, meanText, printTable } from "./cells";
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

/** CP of what is left of the means of factors. */
const maskedCp: Candidate = {
  axes: ["rank"],
  fit(given, { axes }, { train }) {
    const data = given as Tensor3,
      means = meansOf(data, train as Tensor3),
      centered = { shape: data.shape, data: data.data.map((x, at) => x - means[at % means.length]) },
      { weights, factors, status } = cpAls(centered, axes.rank as number, { mask: train, seed: 0 }),
      { shape, data: found } = cpToTensor({ weights, factors });
    return { status, prediction: { shape, data: found.map((x, at) => x + means[at % means.length]) } };
  },
};

const fitted = {
  network: { units: 64 },
  inputs: 4,
  training: { starts: 1, steps: 200, precision: "float32" },
};

for (const { name, activity, conditions, epochs } of monkeys()) {
  const options = { conditions, epochs, ...fitted };
  const rows = await cells(
    `boxes-${name}`,
    activity,
    [
      ...["ceiling", "conditionMean", "smoothedConditionMean", "trialPca"].map((model) => ({
        model,
        options: { conditions },
      })),
      { model: "maskedCp", axes: { rank: [3, 8] } },
      { axes: { hypothesis: ["nothing", "inputs"], rank: [3] }, options },
      { axes: { hypothesis: ["weights"], rank: [1, 2, 3, 4, 5, 6] }, options },
    ],
    { ceiling, maskedCp },
    { boxes: { half: [5, 2, Number.POSITIVE_INFINITY] } },
  );
  const texts: Readonly<Record<string, string>> = {
    ceiling: "ceiling, by pairs of near trials",
    conditionMean: "mean of the direction",
    smoothedConditionMean: "kernel mean of the direction",
    trialPca: "PCA of trials",
    maskedCp: "masked CP about means of factors",
    nothing: "RNN, fixed weights",
    inputs: "RNN, inputs that change",
    weights: "ltrRNN",
  };
  const points = new Map<string, GridRow[]>();
  for (const row of rows) {
    const key = `${row.model} ${JSON.stringify(row.axes)}`;
    points.set(key, [...(points.get(key) ?? []), row]);
  }
  console.log(`\nMonkey ${name}, ${folds} folds\n`);
  printTable(
    ["prediction", "rank", "test", "training", "exhausted"],
    [...points.values()].map((cell) => {
      const { model, axes } = cell[0],
        of = (pick: (row: (typeof cell)[number]) => unknown) => cell.map(pick).filter((x) => typeof x === "number"),
        test = of(({ test, facts }) => test ?? facts.ceiling),
        training = of(({ training }) => training);
      return [
        texts[String(axes.hypothesis ?? model)],
        String(axes.rank ?? ""),
        meanText(test),
        training.length > 0 ? meanText(training) : "",
        axes.hypothesis ? `${cell.filter(({ status }) => status === "exhausted").length} of ${cell.length}` : "",
      ];
    }),
  );
  console.log(`\n${oneStandardError(rows.filter(({ model }) => model !== "ceiling"))?.statement}`);
}
