import type { Random } from "../base";
import type { GcpProblem } from "./gcp-problem";
import { penaltyOf } from "./penalties";

/** Estimates the gradient of the loss per observed entry from entries that are drawn. */
export type SampledGradient = (variables: Float64Array, stream: Random) => Float64Array;

/** Which entries are drawn. */
export interface Sampling {
  readonly sampling: "uniform" | "stratified";
  readonly samples: number;
}

/** Entries that are drawn alike, and how much of the whole they stand for. */
interface Stratum {
  readonly share: number;
  readonly samples: number;
  draw(stream: Random): number;
}

/**
 * Unbiased gradients from a sample: each stratum's mean derivative, times its share of the observed entries. With
 * "stratified" the strata are the entries that differ from 0 and those that do not, half of the samples each.
 *
 * @remarks O(samples · rank · modes²) a gradient, and 4 bytes for each entry that differs from 0 where these are apart.
 * @see Kolda & Hong (2020), Stochastic gradients for large-scale tensor decomposition, SIAM J. Math. Data Sci. 2
 */
export function sampledGradient(problem: GcpProblem, sampling: Sampling): SampledGradient {
  const { x, loss, rank, observed, penalties, factorsOf } = problem,
    strata = strataOf(problem, sampling),
    { shape } = x,
    modes = shape.length,
    before = new Float64Array((modes + 1) * rank), // products of the rows of the first modes
    rows = new Int32Array(modes);
  return (variables, stream) => {
    const factors = factorsOf(variables),
      gradient = new Float64Array(variables.length),
      gradients = factorsOf(gradient);
    for (const { share, samples, draw } of strata)
      for (let n = 0; n < samples; n++) {
        const entry = draw(stream);
        for (let mode = modes - 1, rest = entry; mode >= 0; mode--) {
          rows[mode] = (rest % shape[mode]) * rank;
          rest = Math.floor(rest / shape[mode]);
        }
        before.fill(1, 0, rank);
        for (let mode = 0; mode < modes; mode++)
          for (let r = 0, p = mode * rank; r < rank; r++, p++)
            before[p + rank] = before[p] * factors[mode].data[rows[mode] + r];
        let model = 0;
        for (let r = 0; r < rank; r++) model += before[modes * rank + r];
        const slope = (loss.derivative(x.data[entry], model) * share) / samples;
        for (let r = 0; r < rank; r++)
          for (let mode = modes - 1, after = slope; mode >= 0; mode--) {
            gradients[mode].data[rows[mode] + r] += after * before[mode * rank + r];
            after *= factors[mode].data[rows[mode] + r];
          }
      }
    if (penalties.ridge > 0 || penalties.smooth.some((strength) => strength > 0)) {
      const extra = new Float64Array(variables.length);
      penaltyOf(factors, penalties, factorsOf(extra));
      for (let i = 0; i < extra.length; i++) gradient[i] += extra[i] / observed;
    }
    return gradient;
  };
}

function strataOf({ x, mask, observed }: GcpProblem, { sampling, samples }: Sampling): Stratum[] {
  const { data } = x,
    seen = mask?.data,
    isSeen = (entry: number) => seen?.[entry] !== 0;
  if (sampling === "uniform") return [{ share: 1, samples, draw: drawing(data.length, observed, isSeen) }];
  const isNonzero = (entry: number) => isSeen(entry) && data[entry] !== 0,
    isZero = (entry: number) => isSeen(entry) && data[entry] === 0;
  let nonzeros = 0;
  for (let i = 0; i < data.length; i++) if (isNonzero(i)) nonzeros++;
  const zeros = observed - nonzeros,
    ofNonzeros = zeros === 0 ? samples : nonzeros === 0 ? 0 : Math.ceil(samples / 2),
    strata = [
      { share: nonzeros / observed, samples: ofNonzeros, draw: drawing(data.length, nonzeros, isNonzero) },
      {
        share: zeros / observed,
        samples: Math.max(1, samples - ofNonzeros),
        draw: drawing(data.length, zeros, isZero),
      },
    ];
  return strata.filter(({ share }) => share > 0);
}

/** Draws one of so many entries that fit: by trial where they are many, or else from a list of them. */
function drawing(length: number, count: number, fits: (entry: number) => boolean): Stratum["draw"] {
  if (16 * count >= length)
    return (stream) => {
      for (;;) {
        const entry = Math.floor(stream.uniform() * length);
        if (fits(entry)) return entry;
      }
    };
  const list = new Uint32Array(count);
  for (let i = 0, found = 0; i < length; i++) if (fits(i)) list[found++] = i;
  return (stream) => list[Math.floor(stream.uniform() * count)];
}
