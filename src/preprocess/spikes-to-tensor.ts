import { fail, readOptions, show, type FieldsOf } from "../base";
import type { Tensor3 } from "../tensor";

/** Options of {@link spikesToTensor}. All times are in the unit of the spike times. */
export interface SpikesToTensorOptions {
  /** the time of each trial's event, which becomes time 0 */
  readonly align: readonly number[] | Float64Array;
  /** first and last time of a trial, relative to its event */
  readonly window: readonly [number, number];
  readonly binWidth: number;
  /** the time at which each trial ends; bins that end after it are missing (NaN). Default: trials fill the window */
  readonly until?: readonly number[] | Float64Array;
}

/** Counts of spikes in bins. */
export interface BinnedSpikes extends Tensor3 {
  /** the middle of every bin, relative to the event */
  readonly times: readonly number[];
  /** bins of every trial that are not missing */
  readonly lengths: readonly number[];
  readonly binWidth: number;
  /** spikes that lie in no bin of any trial */
  readonly outside: number;
}

/** A tensor of this many entries takes 8 GB. */
const mostEntries = 1073741824;

/** Of numbers that are rounded once and then subtracted: four units in the last place. */
const rounding = 8.881784197001252e-16;

const fields = {
  align: { is: "checked", check: checkTimes, needed: true },
  window: { is: "checked", check: checkTimes, needed: true },
  binWidth: { is: "number", above: 0, needed: true },
  until: { is: "checked", check: checkTimes },
} as const satisfies FieldsOf<SpikesToTensorOptions>;

/**
 * Spike times as a tensor of counts (trials × bins × units): trials are cut around their events, and spikes counted in
 * bins that hold their first edge and not their last. A time within rounding of an edge is on it: 0.3 begins the fourth
 * bin of 0.1.
 *
 * @param spikes - the spike times of every unit, in any order
 * @returns counts, for `fitLowTensorRank` with `poisson`, `gcp`, or after `smooth` as rates; with `until`, trials are
 * ragged: bins that a trial does not fill are NaN at its end, and `raggedTrials` cuts them off
 * @throws {@link LtrnnError} when times are not finite, the window is empty or no whole number of bins wide, `until`
 * has another number of trials, or the tensor would have more than 2^30 entries
 * @remarks O(spikes · log spikes + trials · bins · units).
 * @example spikesToTensor([[0.1, 0.4, 1.2]], { align: [0, 1], window: [0, 0.5], binWidth: 0.25 }).data
 * // Float64Array [1, 1, 1, 0]
 */
export function spikesToTensor(
  spikes: readonly (readonly number[] | Float64Array)[],
  options: SpikesToTensorOptions,
): BinnedSpikes {
  const where = "spikesToTensor";
  if (!Array.isArray(spikes) || spikes.length === 0)
    fail(where, {
      expected: "the spike times of at least one unit, as a list of lists",
      got: show(spikes),
      fix: "Pass [[0.1, 0.4], [0.2]] for two units.",
    });
  for (const [unit, times] of spikes.entries()) checkTimes(where, `spikes[${unit}]`, times);
  const { align, window, binWidth, until } = readOptions<SpikesToTensorOptions, typeof fields>(where, options, fields),
    [first, last] = window,
    bins = Math.round((last - first) / binWidth);
  if (window.length !== 2 || bins < 1 || Math.abs(bins * binWidth - (last - first)) > 1e-6 * binWidth)
    fail(where, {
      expected: "a window [from, to] that is a whole number of bins wide, at least one",
      got: `[${Array.from(window).join(", ")}] and binWidth ${binWidth}`,
      fix: `Pass window: [${first}, ${first + Math.max(1, bins || 1) * binWidth}].`,
    });
  const trials = align.length;
  if (until && until.length !== trials)
    fail(where, {
      expected: `until of ${trials} trials, as align`,
      got: `${until.length}`,
      fix: "Pass one end for every trial.",
    });
  const units = spikes.length;
  if (trials * bins * units > mostEntries)
    fail(where, {
      expected: `at most ${mostEntries} entries (trials × bins × units)`,
      got: `${trials} × ${bins} × ${units}`,
      fix: "Take wider bins or a shorter window: times and binWidth are in one unit.",
    });
  const data = new Float64Array(trials * bins * units),
    edgeOf = (bin: number) => first + bin * binWidth;
  let outside = 0;
  for (const [unit, times] of spikes.entries()) {
    const sorted = Float64Array.from(times).sort(),
      counted = new Uint8Array(sorted.length);
    for (let trial = 0; trial < trials; trial++)
      for (let s = firstFrom(sorted, align[trial] + first - binWidth); s < sorted.length; s++) {
        // a spike on an edge belongs to the bin that begins there, whatever its time, its event and the edge round to
        const scale = Math.abs(sorted[s]) + Math.abs(align[trial]) + Math.abs(first) + Math.abs(last),
          time = sorted[s] - align[trial] + rounding * scale;
        if (time >= edgeOf(bins)) break;
        if (time < first) continue;
        let bin = Math.min(bins - 1, Math.floor((time - first) / binWidth));
        if (time >= edgeOf(bin + 1)) bin++;
        else if (time < edgeOf(bin)) bin--;
        data[(trial * bins + bin) * units + unit]++;
        counted[s] = 1;
      }
    outside += counted.reduce((missed, seen) => missed + 1 - seen, 0);
  }
  const lengths = Array.from({ length: trials }, (_, trial) => {
    if (!until) return bins;
    const room = (until[trial] - align[trial] - first) / binWidth;
    return Math.max(0, Math.min(bins, Math.floor(room + 1e-9)));
  });
  const empty = lengths.indexOf(0);
  if (empty >= 0)
    fail(where, {
      expected: "trials that last for one bin at least",
      got: `trial ${empty}, which ends at ${until?.[empty]}, before its first bin does`,
      fix: "Leave the trial out, or check that until and align count from one start.",
    });
  for (const [trial, length] of lengths.entries())
    data.fill(NaN, (trial * bins + length) * units, (trial + 1) * bins * units);
  const times = Array.from({ length: bins }, (_, bin) => edgeOf(bin) + binWidth / 2);
  return { shape: [trials, bins, units], data, times, lengths, binWidth, outside };
}

/** The first index whose time is at least this. */
function firstFrom(sorted: Float64Array, time: number): number {
  let low = 0,
    high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] < time) low = middle + 1;
    else high = middle;
  }
  return low;
}

function checkTimes(where: string, name: string, times: unknown): void {
  const list = Array.isArray(times) || times instanceof Float64Array ? times : undefined;
  const wrong = list ? Array.from(list as ArrayLike<unknown>).findIndex((time) => !Number.isFinite(time)) : -1;
  if (list && wrong < 0) return;
  fail(where, {
    expected: `${name} as a list of finite times`,
    got: list ? `${show(list[wrong])} at ${wrong}` : show(times),
    fix: "Pass an array of numbers, or a Float64Array.",
  });
}
