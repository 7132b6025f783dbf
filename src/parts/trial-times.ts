import { fail, show } from "../base";

/** More trials than this would take more than 2 GiB for one covariance. */
const mostTrials = 16384;

/** Trial times, checked: finite numbers, one per trial; any order, gaps and repetitions. */
export function readTimes(where: string, name: string, times: unknown): readonly number[] {
  if (!Array.isArray(times) && !(ArrayBuffer.isView(times) && !(times instanceof DataView)))
    fail(where, {
      expected: `${name} to be an array of numbers, one per trial`,
      got: show(times),
      fix: "Pass when each trial took place, such as [0, 1, 2].",
    });
  const { length } = times as ArrayLike<unknown>;
  if (length < 1 || length > mostTrials)
    fail(where, {
      expected: `${name} of 1 to ${mostTrials} trials`,
      got: String(length),
      fix: length < 1 ? "Pass at least one trial." : "Take fewer trials: the covariance grows with their square.",
    });
  const read = Array.from(times as ArrayLike<unknown>),
    bad = read.findIndex((time) => !Number.isFinite(time) || Math.abs(time as number) > 1e150);
  if (bad >= 0)
    fail(where, {
      expected: `finite numbers as ${name}, at most 1e150`,
      got: `${show(read[bad])} at position ${bad}`,
      fix: "Pass when each trial took place, such as [0, 1, 2].",
    });
  return read as number[];
}

/** One trial after the other: 0, 1, 2, … */
export const timesInOrder = (trials: number): number[] => Array.from({ length: trials }, (_, k) => k);

/** The trials that have the time of an earlier one, in the same row. */
export function repeatedTimes(times: readonly number[], rows: readonly number[]): number[] {
  const seen = new Set<string>();
  return times.flatMap((time, k) => {
    const key = `${rows[k]} ${time === 0 ? 0 : time}`;
    if (seen.has(key)) return [k];
    seen.add(key);
    return [];
  });
}
