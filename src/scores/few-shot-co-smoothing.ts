import { exp, fail, random, readOptions, type FieldsOf } from "../base";
import { checkFinite, checkTensor3, zeros, type Tensor3 } from "../tensor";
import { bitsPerSpikeIn } from "./bits-per-spike";
import { meanAndError } from "./mean-and-error";
import { poissonRegression } from "./poisson-regression";

/** Latent activity that a model found, and counts of neurons that it was not fitted to. */
export interface LatentsAndCounts {
  /** latent activity (trials × time × latents) */
  readonly latents: Tensor3;
  /** counts of the held-out neurons (trials × time × neurons) */
  readonly counts: Tensor3;
}

/** How many trials a readout is learned from. */
export interface FewShotOptions {
  /** trials of each readout */
  readonly shots: number;
  /** readouts, each from trials of its own; default 10 */
  readonly draws?: number;
  /** L2 penalty on the weights of a readout, beside the mean negative log likelihood; default 1e-3 */
  readonly ridge?: number;
  /** default 0 */
  readonly seed?: number;
}

/** Bits per spike of held-out neurons, predicted from the latents by readouts learned on a few trials. */
export interface FewShot {
  /** mean over draws; null where the test trials have no spike */
  readonly mean: number | null;
  /** standard error over draws */
  readonly error: number | null;
  readonly draws: readonly (number | null)[];
  /** readouts that did not converge, of draws × neurons */
  readonly unsettled: number;
}

const pairFields = {
  latents: { is: "checked", check: checkTensor3, needed: true },
  counts: { is: "checked", check: checkTensor3, needed: true },
} as const satisfies FieldsOf<LatentsAndCounts>;

const fields = {
  shots: { is: "whole number", least: 1, needed: true },
  draws: { is: "whole number", least: 1, most: 10_000, fallback: 10 },
  ridge: { is: "number", above: 0, fallback: 1e-3 },
  seed: { is: "seed", fallback: 0 },
} as const satisfies FieldsOf<FewShotOptions>;

/**
 * Few-shot co-smoothing: neurons that the model never saw are read from its latents by Poisson regression on a few
 * trials, and predicted in others. Where latents hold more than the dynamics, readouts need more trials.
 *
 * @param train - trials that shots are drawn from
 * @param test - trials that are scored, against each neuron's mean there
 * @throws {@link LtrnnError} when sizes differ, there are fewer trials than shots, or a number is not finite or a count
 * negative
 * @remarks O(draws · neurons · Newton steps · shots · time · latents²). A neuron without a spike in its shots is
 * predicted by half a spike in all their bins.
 * @see Dabholkar & Barak (2024), When predict can also explain: few-shot prediction to select better neural latents
 * @example fewShotCoSmoothing({ latents: zeros([3, 2, 1]), counts: tensor([3, 2, 1], [0, 1, 1, 0, 1, 1]) },
 * { latents: zeros([1, 2, 1]), counts: tensor([1, 2, 1], [0, 2]) }, { shots: 2, draws: 3 }).draws.length // 3
 */
export function fewShotCoSmoothing(train: LatentsAndCounts, test: LatentsAndCounts, options: FewShotOptions): FewShot {
  const where = "fewShotCoSmoothing",
    from = readPair(where, "train", train),
    to = readPair(where, "test", test),
    { shots, draws, ridge, seed } = readOptions<FewShotOptions, typeof fields>(
      where,
      options ?? (null as never),
      fields,
    );
  const [trials, time, latents] = from.latents.shape,
    neurons = from.counts.shape[2];
  if (to.latents.shape[2] !== latents || to.counts.shape[2] !== neurons)
    fail(where, {
      expected: `${latents} latents and ${neurons} neurons in test, as in train`,
      got: `${to.latents.shape[2]} and ${to.counts.shape[2]}`,
      fix: "Pass the same ones in both.",
    });
  if (shots > trials || time === 0)
    fail(where, { expected: `shots of at most ${trials} trials, with a bin`, got: String(shots), fix: "Take fewer." });
  const { int } = random(seed, "few shots");
  let unsettled = 0;
  const scores = Array.from({ length: draws }, () => {
    const order = Array.from({ length: trials }, (_, k) => k);
    for (let k = 0; k < shots; k++) {
      const other = int(k, trials - 1);
      [order[k], order[other]] = [order[other], order[k]];
    }
    const picked = order.slice(0, shots),
      x = zeros([shots * time, latents]),
      rates = zeros(to.counts.shape);
    picked.forEach((k, s) => {
      x.data.set(from.latents.data.subarray(k * time * latents, (k + 1) * time * latents), s * time * latents);
    });
    for (let n = 0; n < neurons; n++) {
      const y = Float64Array.from(
        { length: shots * time },
        (_, i) => from.counts.data[(picked[Math.floor(i / time)] * time + (i % time)) * neurons + n],
      );
      const { weights, offset, converged } = poissonRegression(x, y, ridge);
      if (!converged) unsettled++;
      for (let i = 0; i < rates.data.length / neurons; i++) {
        let eta = offset;
        for (let f = 0; f < latents; f++) eta += weights[f] * to.latents.data[i * latents + f];
        rates.data[i * neurons + n] = exp(Math.min(eta, 700)); // finite; no bin has as many spikes
      }
    }
    return bitsPerSpikeIn(where, to.counts, rates, {}).total;
  });
  return { ...meanAndError(scores), draws: scores, unsettled };
}

function readPair(where: string, name: string, given: LatentsAndCounts): LatentsAndCounts {
  const pair = readOptions<LatentsAndCounts, typeof pairFields>(where, given ?? (null as never), pairFields, name),
    { latents, counts } = pair;
  if (latents.shape[0] !== counts.shape[0] || latents.shape[1] !== counts.shape[1])
    fail(where, {
      expected: `${name}.counts (${latents.shape[0]} × ${latents.shape[1]} × neurons), as ${name}.latents`,
      got: counts.shape.join(" × "),
      fix: "Pass counts in the bins of the latents.",
    });
  checkFinite(where, `${name}.latents`, latents);
  checkFinite(where, `${name}.counts`, counts);
  const large = latents.data.findIndex((x) => Math.abs(x) > 1e100);
  if (large >= 0)
    fail(where, {
      expected: `${name}.latents up to 1e100, since an exponential is taken of them`,
      got: `${latents.data[large]} at entry ${large}`,
      fix: "Bring latents to unit size.",
    });
  const bad = counts.data.findIndex((x) => x < 0);
  if (bad >= 0)
    fail(where, {
      expected: `${name}.counts of at least 0`,
      got: `${counts.data[bad]} at entry ${bad}`,
      fix: "Pass spike counts per bin.",
    });
  return pair;
}
