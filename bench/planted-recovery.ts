/** Recordings of a planted ltrRNN, and how well a fit finds it again. */
import {
  LowTensorRankRNN,
  matmul,
  random,
  simulate,
  tensor,
  transpose,
  zeros,
  type LowTensorRankFit,
  type Matrix,
  type Tensor3,
} from "ltrnn";

export interface Planted {
  /** what the activity is noise about: rates, or expected counts */
  readonly clean: Tensor3;
  readonly activity: Tensor3;
  readonly rates: Tensor3;
  readonly model: LowTensorRankRNN;
  readonly inputs: Tensor3;
  readonly conditions: readonly number[];
  readonly epochs: readonly number[];
}

/** 60 units, rank 3, 120 trials of 40 bins, 8 conditions; smooth trial factors with a jump in the middle. */
export function plantNetwork(
  seed: number,
  noise: number | "counts",
  { units = 60, rank = 3, trials = 120, bins = 40, count = 8 } = {},
): Planted {
  const stream = random(seed, "planted recovery"),
    normal = (shape: readonly [number, number], size = 1): Matrix =>
      tensor(
        shape,
        Array.from({ length: shape[0] * shape[1] }, () => size * stream.normal()),
      ),
    conditions = Array.from({ length: trials }, (_, k) => k % count),
    epochs = conditions.map((_, k) => (2 * k < trials ? 0 : 1));
  const unit = 1 / Math.sqrt(units),
    [a, b] = [normal([units, rank], unit), normal([units, rank], unit)],
    c = zeros([trials, rank]);
  for (let r = 0; r < rank; r++) {
    const turns = 0.5 + stream.uniform(),
      phase = 2 * Math.PI * stream.uniform(),
      [before, after] = [stream.normal(), stream.normal()];
    for (let k = 0; k < trials; k++)
      c.data[k * rank + r] =
        0.8 + 1.5 * Math.sin((2 * Math.PI * turns * k) / trials + phase) + (epochs[k] === 0 ? before : after);
  }
  const inputs = zeros([trials, bins, 3]),
    waves = Array.from({ length: count * 3 }, () => ({
      size: 0.5 + stream.uniform(),
      turns: 0.5 + 1.5 * stream.uniform(),
      phase: 2 * Math.PI * stream.uniform(),
    }));
  for (let k = 0; k < trials; k++)
    for (let t = 0; t < bins; t++)
      for (let j = 0; j < 3; j++) {
        const { size, turns, phase } = waves[conditions[k] * 3 + j];
        inputs.data[(k * bins + t) * 3 + j] = size * Math.sin((2 * Math.PI * turns * t) / bins + phase);
      }
  const wIn = normal([units, 3]),
    bias = tensor(
      [units],
      Array.from({ length: units }, () => 0.2 * stream.normal()),
    );
  // rows that read what inputs of conditions do, so that the recurrence matters
  for (let r = 0; r < rank; r++) {
    const length = Math.hypot(...Array.from({ length: units }, (_, i) => wIn.data[i * 3 + (r % 3)]));
    for (let i = 0; i < units; i++) b.data[i * rank + r] += (0.7 * wIn.data[i * 3 + (r % 3)]) / length;
  }
  const params = { a, b, c, wIn, x0: normal([count, units], 0.3), bias },
    model = new LowTensorRankRNN(params, { tau: 4 }),
    { outputs: rates } = simulate(model, inputs, { dt: 1, conditions });
  const clean = noise === "counts" ? expectedCounts(rates) : rates,
    deviation = noise === "counts" ? 0 : noise * Math.sqrt(variance(rates));
  const activity: Tensor3 = {
    shape: clean.shape,
    data: clean.data.map((x) => (noise === "counts" ? poisson(x, stream.uniform) : x + deviation * stream.normal())),
  };
  return { clean, activity, rates, model, inputs, conditions, epochs };
}

/** exp of twice the rates, over its mean: one count a bin. */
function expectedCounts({ shape, data }: Tensor3): Tensor3 {
  const raised = data.map((rate) => Math.exp(2 * rate)),
    mean = raised.reduce((sum, x) => sum + x, 0) / raised.length;
  return { shape, data: raised.map((x) => x / mean) };
}

/** A Poisson count by multiplication of uniform numbers (Knuth), for small means. */
function poisson(mean: number, uniform: () => number): number {
  const limit = Math.exp(-mean);
  let count = 0;
  for (let product = uniform(); product > limit; product *= uniform()) count++;
  return count;
}

/** About the neurons' means. */
function variance({ shape: [, , neurons], data }: Tensor3): number {
  const means = new Float64Array(neurons);
  data.forEach((x, i) => {
    means[i % neurons] += x / (data.length / neurons);
  });
  return data.reduce((sum, x, i) => sum + (x - means[i % neurons]) ** 2, 0) / data.length;
}

/** The worst cosine over components with the truth, under the best assignment. */
export interface Recovery {
  readonly columns: number;
  /** in the metric of the true rates' second moment */
  readonly rows: number;
  readonly trialFactors: number;
  /** mean over components of the product of the three: the factor match score */
  readonly score: number;
}

export function recoveryOf({ model: truth, rates }: Planted, { model: found, rank }: LowTensorRankFit): Recovery {
  const units = truth.units,
    h: Matrix = { shape: [rates.data.length / units, units], data: rates.data },
    moment = matmul(transpose(h), h);
  const pairs = (["a", "b", "c"] as const).map((name) =>
    cosines(truth.params[name], found.params[name], name === "b" ? moment : undefined),
  );
  const order = Array.from({ length: rank }, (_, i) => i);
  let best: Recovery = { columns: 0, rows: 0, trialFactors: 0, score: -1 };
  for (const permuted of permutations(order)) {
    const [columns, rows, trialFactors] = pairs.map((pair) => permuted.map((s, r) => pair[r][s])),
      score = columns.reduce((sum, x, r) => sum + (x * rows[r] * trialFactors[r]) / rank, 0);
    if (score > best.score)
      best = { columns: Math.min(...columns), rows: Math.min(...rows), trialFactors: Math.min(...trialFactors), score };
  }
  return best;
}

/** Absolute cosines between all columns, in a metric. */
function cosines(x: Matrix, y: Matrix, metric?: Matrix): number[][] {
  const my = metric ? matmul(metric, y) : y,
    mx = metric ? matmul(metric, x) : x,
    inner = matmul(transpose(x), my),
    xx = matmul(transpose(x), mx),
    yy = matmul(transpose(y), my),
    [rx, ry] = [x.shape[1], y.shape[1]];
  return Array.from({ length: rx }, (_, r) =>
    Array.from(
      { length: ry },
      (_, s) => Math.abs(inner.data[r * ry + s]) / Math.sqrt(xx.data[r * rx + r] * yy.data[s * ry + s]),
    ),
  );
}

const permutations = (items: readonly number[]): number[][] =>
  items.length === 0
    ? [[]]
    : items.flatMap((item) => permutations(items.filter((other) => other !== item)).map((rest) => [item, ...rest]));
