/**
 * Recordings of which it is known what changed over trials: weights, inputs, or nothing; and the fits that may tell.
 */
import {
  LowTensorRankRNN,
  fitLowTensorRank,
  fixedTrialFactors,
  holdOut,
  observedMask,
  random,
  simulate,
  tensor,
  varianceExplained,
  zeros,
  type FitOptions,
  type Matrix,
  type Tensor3,
} from "ltrnn";

export const hypotheses = ["weights", "inputs", "nothing"] as const;
export type Hypothesis = (typeof hypotheses)[number];

export interface PlantSizes {
  readonly trials: number;
  readonly bins: number;
  readonly units: number;
  readonly conditions: number;
  /** components of the weights, inputs of conditions, and inputs that may change */
  readonly rank: number;
}

/** A recording, and what is known of it. */
export interface PlantedChanges {
  readonly activity: Tensor3;
  readonly conditions: readonly number[];
  /** how strongly each component changes, in every trial */
  readonly factors: readonly (readonly number[])[];
}

/** A recording with 10 % noise of a network whose `changes` follow smooth factors with a jump in the middle. */
export function plantChanges(
  { trials, bins, units, conditions, rank }: PlantSizes,
  changes: Hypothesis,
  seed: number,
): PlantedChanges {
  const stream = random(seed, "planted changes"),
    rows = Array.from({ length: trials }, (_, k) => k % conditions);
  const normal = (shape: readonly [number, number], size: number): Matrix =>
    tensor(
      shape,
      Array.from({ length: shape[0] * shape[1] }, () => size * stream.normal()),
    );
  const factors = Array.from({ length: rank }, () => {
    const [phase, jump, turns] = [2 * Math.PI * stream.uniform(), stream.normal() / 2, 1 + stream.uniform()];
    return rows.map((_, k) => Math.sin((2 * Math.PI * turns * k) / trials + phase) + (2 * k < trials ? -jump : jump));
  });
  const count = 2 * rank,
    a = normal([units, rank], 1 / Math.sqrt(units)),
    b = normal([units, rank], 0.7 / Math.sqrt(units)),
    wIn = normal([units, count], 0.5),
    x0 = normal([conditions, units], 0.3),
    waves = normal([conditions * 4, count], 0.5),
    c = zeros([trials, rank]),
    u = zeros([trials, bins, count]);
  // rows that see what inputs of conditions do, so that the recurrence matters
  for (let r = 0; r < rank; r++) {
    const length = Math.hypot(...Array.from({ length: units }, (_, i) => wIn.data[i * count + r]));
    for (let i = 0; i < units; i++) b.data[i * rank + r] += (0.7 * wIn.data[i * count + r]) / length;
  }
  for (let k = 0; k < trials; k++)
    for (let r = 0; r < rank; r++) c.data[k * rank + r] = 1.5 * (1 + (changes === "weights" ? factors[r][k] : 0));
  for (let k = 0; k < trials; k++)
    for (let t = 0; t < bins; t++)
      for (let r = 0; r < count; r++) {
        let course = 0;
        for (let w = 0; w < 4; w++)
          course += waves.data[(rows[k] * 4 + w) * count + r] * Math.sin(((w + 1) * 3 * t) / bins + w);
        const strength = r < rank ? 1 : changes === "inputs" ? factors[r - rank][k] : 0;
        u.data[(k * bins + t) * count + r] = strength * course;
      }
  const model = new LowTensorRankRNN({ a, b, c, wIn, x0 }, { tau: 3 }),
    { outputs } = simulate(model, u, { dt: 1, conditions: rows }),
    size = Math.sqrt(outputs.data.reduce((sum, x) => sum + x * x, 0) / outputs.data.length);
  return {
    activity: { shape: outputs.shape, data: outputs.data.map((x) => x + 0.1 * size * stream.normal()) },
    conditions: rows,
    factors,
  };
}

/** How much of held-out boxes a fit of each hypothesis explains. */
export async function compareHypotheses(
  sizes: PlantSizes,
  changes: Hypothesis,
  seed: number,
): Promise<Readonly<Record<Hypothesis, number>>> {
  const { activity, conditions } = plantChanges(sizes, changes, seed),
    { trials, rank } = sizes,
    split = holdOut(observedMask(activity), { half: [2, 3, Number.POSITIVE_INFINITY], seed });
  const shared = { count: rank, smoothness: 4 },
    smooth = { length: trials / 6 },
    fixed = { tau: 3, trialKernel: fixedTrialFactors(trials) };
  const calls: Readonly<Record<Hypothesis, FitOptions>> = {
    weights: { inputs: shared, network: { tau: 3, trialKernel: smooth } },
    inputs: { inputs: { ...shared, changing: rank, trialKernel: smooth }, network: fixed },
    nothing: { inputs: shared, network: fixed },
  };
  const scoreOf = async (hypothesis: Hypothesis) => {
    const fit = await fitLowTensorRank(activity, rank, {
      mask: split.train,
      validation: split.validation,
      conditions,
      epochs: conditions.map((_, k) => 2 * k < trials),
      decoder: "identity",
      seed,
      ...calls[hypothesis],
    });
    return varianceExplained(activity, fit.prediction, { train: split.train, over: split.test });
  };
  return { weights: await scoreOf("weights"), inputs: await scoreOf("inputs"), nothing: await scoreOf("nothing") };
}

/**
 * Something has changed where a fit that says so leaves at least 3 % less of the held-out activity unexplained; what
 * has is then told by the fit that leaves less.
 */
export function winnerOf({ weights, inputs, nothing }: Readonly<Record<Hypothesis, number>>): Hypothesis {
  if (1 - Math.max(weights, inputs) > 0.97 * (1 - nothing)) return "nothing";
  return weights > inputs ? "weights" : "inputs";
}
