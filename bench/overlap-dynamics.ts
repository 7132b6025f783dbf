/**
 * Overlap dynamics beside full training of the same linear low-rank network, from 64 to 4096 units: `npm run bench`.
 */
import { LowRankRNN, last, networkObjective, overlapDescent, random, sgd, tensor, train } from "ltrnn";
import { median } from "./median";

const steps = 50,
  rounds = 5,
  trials = 4,
  time = 25,
  alpha = 0.1,
  rate = 0.05;

for (const units of [64, 256, 1024, 4096]) {
  const draw = random(1, `overlaps of ${units}`).normal,
    normal = (shape: readonly [number, number], std: number) =>
      tensor(
        shape,
        Array.from({ length: shape[0] * shape[1] }, () => std * draw()),
      );
  const std = 1 / Math.sqrt(units),
    params = {
      m: normal([units, 2], std),
      n: normal([units, 2], std),
      wIn: normal([units, 3], std),
      readout: normal([2, units], std),
      x0: normal([1, units], std),
      bias: tensor([units], new Float64Array(units)),
    };
  const cube = (n: number) => tensor([trials, time, n] as const, Array.from({ length: trials * time * n }, draw)),
    task = { inputs: cube(3), targets: cube(2) };
  const objective = networkObjective(new LowRankRNN(params, { phi: "identity" }), task, { dt: alpha });
  const reduced: number[] = [],
    full: number[] = [];
  let difference = 0;
  for (let round = 0; round < rounds; round++) {
    const begun = performance.now(),
      told = await last(overlapDescent(params, task, { alpha, rate, steps, every: steps })),
      between = performance.now();
    const trained = await last(train(objective, params, { optimizer: sgd(rate), steps, every: steps }));
    reduced.push((between - begun) / steps);
    full.push((performance.now() - between) / steps);
    difference = Math.max(difference, Math.abs(told.loss / trained.loss - 1));
  }
  const [a, b] = [median(reduced), median(full)];
  console.log(
    `${String(units).padStart(5)} units: overlaps ${a.toFixed(3)} ms an update, full training ` +
      `${b.toFixed(3)} ms, ratio ${(a / b).toFixed(4)}; losses ` +
      `differ by ${difference.toExponential(1)}`,
  );
}
