/**
 * Planted factors of counts and of events, found again from x alone: the factor match score, by seed. Events at 10^6
 * entries, by L-BFGS-B on all of them; counts beyond 10^7, by sampled gradients. Five starts for each seed where all
 * entries are read, of which the one with the lowest loss counts; three where they are sampled.
 */
import { cpToTensor, factorMatchScore, gcp, random, tensor, type Cp, type GcpResult, type Tensor } from "ltrnn";

type Kind = "poisson" | "bernoulli";

/** Log-normal factors; the model has a mean of 1, of counts or of the odds of an event. */
function planted(shape: readonly number[], rank: number, seed: number, kind: Kind): readonly [Tensor, Cp] {
  const { uniform, normal } = random(seed, "planted"),
    factors = shape.map((n) =>
      tensor(
        [n, rank],
        Float64Array.from({ length: n * rank }, () => Math.exp(normal())),
      ),
    ),
    x = cpToTensor({ weights: tensor([rank], new Float64Array(rank).fill(1)), factors }),
    mean = x.data.reduce((sum, m) => sum + m, 0) / x.data.length;
  for (let i = 0; i < x.data.length; i++) {
    const expected = x.data[i] / mean;
    if (kind === "bernoulli") x.data[i] = uniform() < expected / (1 + expected) ? 1 : 0;
    else {
      let count = 0;
      for (let p = uniform(), limit = Math.exp(-Math.min(expected, 600)); p > limit; p *= uniform()) count++;
      x.data[i] = count;
    }
  }
  return [x, { weights: tensor([rank], new Float64Array(rank).fill(1 / mean)), factors }];
}

export function gcpRecovery(): void {
  for (const { kind, shape, rank, starts, options } of [
    { kind: "bernoulli", shape: [100, 100, 100], rank: 3, starts: 5, options: { tolerance: 1e-4 } },
    { kind: "poisson", shape: [250, 220, 200], rank: 3, starts: 3, options: { steps: 20 } },
  ] as const)
    for (const seed of [1, 2, 3]) {
      const [x, truth] = planted(shape, rank, seed, kind),
        events = x.data.reduce((sum, value) => sum + value, 0) / x.data.length;
      let best: GcpResult | undefined;
      const { user } = process.cpuUsage();
      for (let start = 1; start <= starts; start++) {
        const end = gcp(x, rank, { loss: kind, seed: start, ...options });
        if (!best || end.loss < best.loss) best = end;
      }
      const seconds = (process.cpuUsage().user - user) / 1e6,
        score = factorMatchScore(truth, best!);
      console.log(
        `${kind}, ${shape.join(" x ")} (mean ${events.toFixed(2)}), R = ${rank}, seed ${seed}: ` +
          `match ${score.toFixed(3)} (above 0.9), ${best!.status}, ${(seconds / starts).toFixed(1)} s of CPU a start`,
      );
    }
}
