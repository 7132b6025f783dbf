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

/** Entries that are drawn with equal probability, and their share of all observed entries. */
interface Stratum {
  readonly share: number;
  readonly samples: number;
  draw(stream: Random): number;
}

/**
 * Unbiased gradients from a sample: each stratum's mean derivative, times its share of the observed entries. With
 * "stratified" the strata are the entries that differ from 0 and those that do not, half of the samples each.
 *
 * @remarks O(samples · rank · modes²) a gradient; with strata or a mask, also memory of a bit for each entry, or of
 * four bytes for each entry of a stratum where these are few.
 * @see Kolda & Hong (2020), Stochastic gradients for large-scale tensor decomposition, SIAM J. Math. Data Sci. 2
 */
export function sampledGradient(problem: GcpProblem, sampling: Sampling): SampledGradient {
  const { x, loss, rank, observed, penalties, factorsOf } = problem,
    strata = strataOf(problem, sampling),
    { shape } = x,
    modes = shape.length,
    starts = shape.map((_, mode) => rank * shape.slice(0, mode).reduce((sum, size) => sum + size, 0)),
    before = new Float64Array((modes + 1) * rank), // products of the rows of the first modes
    rows = new Int32Array(modes), // where the rows of an entry begin among the variables
    entries = new Float64Array(Math.max(...strata.map(({ samples }) => samples))),
    values = new Float64Array(entries.length);
  return (variables, stream) => {
    const gradient = new Float64Array(variables.length);
    for (const { share, samples, draw } of strata) {
      // all are drawn first and then read, so that waits for memory overlap
      for (let n = 0; n < samples; n++) entries[n] = draw(stream);
      for (let n = 0; n < samples; n++) values[n] = x.data[entries[n]];
      for (let n = 0; n < samples; n++) {
        for (let mode = modes - 1, rest = entries[n]; mode >= 0; mode--) {
          const above = Math.floor(rest / shape[mode]);
          rows[mode] = starts[mode] + (rest - above * shape[mode]) * rank;
          rest = above;
        }
        before.fill(1, 0, rank);
        for (let mode = 0, p = 0; mode < modes; mode++)
          for (let r = 0, row = rows[mode]; r < rank; r++, p++) before[p + rank] = before[p] * variables[row + r];
        let model = 0;
        for (let r = 0; r < rank; r++) model += before[modes * rank + r];
        const slope = (loss.derivative(values[n], model) * share) / samples;
        for (let r = 0; r < rank; r++)
          for (let mode = modes - 1, after = slope; mode >= 0; mode--) {
            const at = rows[mode] + r;
            gradient[at] += after * before[mode * rank + r];
            after *= variables[at];
          }
      }
    }
    if (penalties.ridge > 0 || penalties.smooth.some((strength) => strength > 0)) {
      const extra = new Float64Array(variables.length);
      penaltyOf(factorsOf(variables), penalties, factorsOf(extra));
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

/** Draws one entry of a stratum: by rejection where it has many entries, or else from a list of them. */
function drawing(length: number, count: number, fits: (entry: number) => boolean): Stratum["draw"] {
  const any = (stream: Random) => Math.floor(stream.uniform() * length);
  if (count === length) return any;
  if (16 * count >= length) {
    const bits = new Uint32Array(Math.ceil(length / 32)); // small enough for the cache
    for (let i = 0; i < length; i++) if (fits(i)) bits[Math.floor(i / 32)] |= 1 << (i % 32);
    return (stream) => {
      for (;;) {
        const entry = any(stream);
        if ((bits[Math.floor(entry / 32)] >>> (entry % 32)) & 1) return entry;
      }
    };
  }
  const list = new Uint32Array(count);
  for (let i = 0, found = 0; i < length; i++) if (fits(i)) list[found++] = i;
  return (stream) => list[Math.floor(stream.uniform() * count)];
}
