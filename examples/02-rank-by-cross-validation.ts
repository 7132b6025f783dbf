/** Choose the rank of an ltrRNN on held-out boxes, with baselines beside it. */
import {
  LowTensorRankRNN,
  fitLowTensorRank,
  holdOut,
  observedMask,
  random,
  simulate,
  smoothedConditionMean,
  tensor,
  varianceExplained,
} from "ltrnn";

export async function main() {
  // a recording: activity of an ltrRNN of rank 2 over 40 trials of two conditions, with noise
  const trials = 40,
    steps = 12,
    noise = random(9, "noise").normal,
    conditions = Array.from({ length: trials }, (_, k) => k % 2);
  const start = LowTensorRankRNN.random({ units: 15, inputs: 2, rank: 2, trials, tau: 2 }, 3);
  const c = tensor(
    [trials, 2],
    Array.from({ length: 2 * trials }, (_, at) => 2 + 2 * Math.sin(Math.floor(at / 2) / 8 + 2 * (at % 2))),
  );
  const shapes = [random(4, "inputs of 0").normal, random(4, "inputs of 1").normal].map((draw) =>
    Array.from({ length: 2 * steps }, draw),
  );
  const { rates } = simulate(
    start.with({ params: { c } }),
    tensor(
      [trials, steps, 2],
      conditions.flatMap((condition) => shapes[condition]),
    ),
    { dt: 1 },
  );
  const activity = tensor(
    rates.shape,
    rates.data.map((x) => x + 0.05 * noise()),
  );

  const { train, validation, test } = holdOut(observedMask(activity), { half: [2, 1, Infinity], seed: 1 });
  const score = (prediction: typeof activity, over: typeof activity) =>
    varianceExplained(activity, prediction, { train, over });
  const fits = [];
  for (const rank of [1, 2, 3])
    fits.push(
      await fitLowTensorRank(activity, rank, {
        mask: train,
        validation,
        conditions,
        network: { units: 20 },
        training: { steps: 120 },
        seed: 2,
      }),
    );
  const best = fits.reduce((a, b) => (score(b.prediction, validation) > score(a.prediction, validation) ? b : a));
  const baseline = smoothedConditionMean(activity, { train, validation, conditions });
  console.log(
    `rank ${best.model.rank} by validation; test: ${score(best.prediction, test).toFixed(3)}, smoothed ` +
      `condition mean: ${score(baseline.prediction, test).toFixed(3)}`,
  );
  return best.model.rank;
}
