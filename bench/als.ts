/** Sweeps of ALS beside TensorLy's, float64, from the same factors on the same tensor. */
import { cpAlsSweeps, cpToTensor, random, tensor, type Matrix, type Tensor } from "ltrnn";
import { median } from "./median";
import { Peer } from "./peer";
import { row } from "./row";

const sweeps = 7;

export async function als(peak: number, rounds: number): Promise<void> {
  for (const { shape, rank, target, missing } of [
    { shape: [200, 200, 250], rank: 5, target: 0.4 },
    { shape: [200, 200, 250], rank: 10, target: 0.4 },
    { shape: [60, 60, 60, 60], rank: 5, target: 0.6 },
    { shape: [300, 300, 300], rank: 20, target: 0.6 },
    { shape: [200, 200, 250], rank: 5, target: 0.4, missing: "impute" as const },
    { shape: [200, 200, 250], rank: 5, missing: "exact" as const },
  ]) {
    const { normal, uniform } = random(1, "als"),
      factors = () =>
        shape.map(
          (n) =>
            tensor(
              [n, rank],
              Array.from({ length: n * rank }, () => normal()),
            ) as Matrix,
        );
    const x: Tensor = cpToTensor({ weights: tensor([rank], new Array(rank).fill(1)), factors: factors() });
    for (let at = 0; at < x.data.length; at++) x.data[at] += 0.5 * (uniform() - 0.5);
    const mask = missing && { shape, data: Float64Array.from(x.data, () => (uniform() < 0.2 ? 0 : 1)) },
      start = factors();
    const peer = await Peer.start("tensorly_als.py");
    await peer?.load(
      "als",
      { x, ...(mask ? { mask } : {}), ...Object.fromEntries(start.map((f, mode) => [`factor${mode}`, f])) },
      { modes: shape.length, sweeps },
    );
    await row(
      {
        work: `ALS sweep, ${shape.join(" x ")}, R = ${rank}${missing ? `, 20 % missing, ${missing}` : ""}`,
        target,
        rounds: Math.ceil(rounds / 2),
        flops: ((shape.length === 3 && missing !== "impute" ? 3 : 4) * x.data.length * rank) / 1e9,
        peak: peak / 2,
        agreement: missing ? undefined : 1e-6,
      },
      async () => {
        const times: number[] = [];
        let from = performance.now(),
          value = NaN;
        for (const { relativeError } of cpAlsSweeps(x, rank, {
          start,
          sweeps,
          tolerance: 0,
          mask,
          missing,
          method: { accelerate: false },
        })) {
          times.push(performance.now() - from);
          [from, value] = [performance.now(), relativeError];
        }
        // a sweep of three long modes makes two passes and one by turns: two sweeps together, after the first
        const pairs = [1, 3, 5].map((k) => (times[k] + times[k + 1]) / 2);
        return { ms: median(pairs), value };
      },
      peer,
    );
    peer?.stop();
  }
}
