import { fail, log, readOptions, type FieldsOf } from "../base";
import { checkFinite, checkMask, checkSameShape, checkTensor, checkTensor3, type Tensor3 } from "../tensor";

/** Which entries {@link bitsPerSpike} is about. */
export interface BitsPerSpikeOptions {
  /** entries that are scored, 1 in and 0 out; absent: all */
  readonly over?: Tensor3;
  /** entries that the rates of the null model are means over; absent: those that are scored, as in nlb_tools */
  readonly null?: Tensor3;
}

/** Bits per spike: 0 is the mean rate of each neuron. `null` where there is no spike. */
export interface BitsPerSpike {
  readonly total: number | null;
  /** gain of each neuron over its own spikes */
  readonly neurons: readonly (number | null)[];
  readonly spikes: number;
}

const fields = {
  over: { is: "checked", check: checkTensor3 },
  null: { is: "checked", check: checkTensor3 },
} as const satisfies FieldsOf<BitsPerSpikeOptions>;

/** Replaces a rate of zero, which has no logarithm. */
const leastRate = 1e-9;

/**
 * Bits per spike: the log likelihood of counts under Poisson rates, less that under the mean of each neuron, in base 2
 * and per spike. Over held-out neurons it is called co-smoothing, over later bins forward prediction.
 *
 * @param counts - (trials × time × neurons); entries outside both masks are not read
 * @param rates - expected counts per bin, of the same shape; zeros count as 1e-9
 * @throws {@link LtrnnError} when shapes differ, an entry that is read is not finite or negative, or the null model has
 * no entry of a neuron that is scored
 * @remarks O(entries).
 * @see Pei et al. (2021), Neural Latents Benchmark '21, NeurIPS datasets; Pillow et al. (2008), Nature 454
 * @example bitsPerSpike(tensor([1, 2, 1], [0, 2]), tensor([1, 2, 1], [1, 1])).total // 0
 */
export function bitsPerSpike(counts: Tensor3, rates: Tensor3, options: BitsPerSpikeOptions = {}): BitsPerSpike {
  return bitsPerSpikeIn("bitsPerSpike", counts, rates, options);
}

/** {@link bitsPerSpike} for another public function: errors carry that function's name. */
export function bitsPerSpikeIn(
  where: string,
  counts: Tensor3,
  rates: Tensor3,
  options: BitsPerSpikeOptions,
): BitsPerSpike {
  checkTensor(where, "counts", counts, 3);
  checkSameShape(where, "rates", rates, counts.shape, "counts");
  const { over, null: nullOver = over } = readOptions<BitsPerSpikeOptions, typeof fields>(where, options, fields);
  for (const [name, mask] of Object.entries({ over, null: nullOver })) {
    if (mask) checkMask(where, name, mask, counts.shape, "counts");
    checkFinite(where, "counts", counts, mask);
    checkNotNegative(where, "counts", counts, mask);
  }
  checkFinite(where, "rates", rates, over);
  checkNotNegative(where, "rates", rates, over);
  const neurons = counts.shape[2],
    means = meanCounts(counts, nullOver),
    gains = new Float64Array(neurons),
    spikes = new Float64Array(neurons);
  for (let i = 0; i < counts.data.length; i++) {
    if (over && over.data[i] === 0) continue;
    const neuron = i % neurons,
      x = counts.data[i],
      mean = means[neuron];
    if (Number.isNaN(mean))
      fail(where, {
        expected: "entries for the null model of every neuron that is scored",
        got: `none of neuron ${neuron}`,
        fix: "Leave null out, or that neuron out of over.",
      });
    gains[neuron] += cost(mean, x) - cost(rates.data[i], x);
    spikes[neuron] += x;
  }
  const sum = (values: Float64Array) => values.reduce((total, value) => total + value, 0),
    all = sum(spikes),
    bits = (gain: number, count: number) => {
      const value = gain / count / Math.LN2;
      return count > 0 && Number.isFinite(value) ? value : null;
    };
  return {
    total: bits(sum(gains), all),
    neurons: Array.from(gains, (gain, neuron) => bits(gain, spikes[neuron])),
    spikes: all,
  };
}

/** Minus the log likelihood of a count, without the term that does not depend on the rate. */
function cost(rate: number, count: number): number {
  const positive = rate === 0 ? leastRate : rate;
  return count === 0 ? positive : positive - count * log(positive);
}

function meanCounts({ shape, data }: Tensor3, mask: Tensor3 | undefined): Float64Array {
  const neurons = shape[2],
    sums = new Float64Array(neurons),
    sizes = new Float64Array(neurons);
  for (let i = 0; i < data.length; i++) {
    if (mask && mask.data[i] === 0) continue;
    sums[i % neurons] += data[i];
    sizes[i % neurons]++;
  }
  return sums.map((sum, neuron) => sum / sizes[neuron]);
}

function checkNotNegative(where: string, name: string, { data }: Tensor3, mask: Tensor3 | undefined): void {
  const bad = data.findIndex((value, i) => mask?.data[i] !== 0 && value < 0);
  if (bad >= 0)
    fail(where, {
      expected: `${name} of at least 0`,
      got: `${data[bad]} at entry ${bad}`,
      fix: "Pass spike counts per bin, and the counts that are expected.",
    });
}
