import { fail, type Random } from "../base";

/** Trials that may stand for each other, in their order. */
export type TrialGroups = readonly (readonly number[])[];

/** Trials of one condition and epoch make a group; too small a group has nothing to draw from, and is refused. */
export function trialGroups(
  where: string,
  conditions: readonly number[],
  epochs: readonly number[],
  least: number,
): TrialGroups {
  const groups = new Map<string, number[]>();
  conditions.forEach((condition, k) => {
    const key = `${condition} ${epochs[k]}`,
      group = groups.get(key);
    if (group) group.push(k);
    else groups.set(key, [k]);
  });
  for (const group of groups.values())
    if (group.length < least)
      fail(where, {
        expected: `at least ${least} trials of each condition in each epoch, so that blocks of them can be drawn`,
        got: `${group.length}, such as trial ${group[0]}`,
        fix: "Shorten block, fit with coarser conditions or epochs, or leave out the trials of rare ones.",
      });
  return [...groups.values()];
}

/** The block length of n trials where none is asked for: Künsch (1989) has it grow as the cube root of n. */
export function usualBlock(n: number): number {
  let length = 1;
  while ((length + 0.5) * (length + 0.5) * (length + 0.5) <= n) length++;
  return length;
}

/**
 * A donor for every trial: blocks of neighbors of a group, drawn with replacement, fill the group's places from the
 * first to the last. A block that starts near the end goes on at the beginning, so that every trial is as likely
 * (the circular block bootstrap of Politis & Romano 1992).
 */
export function drawDonors(groups: TrialGroups, block: number | undefined, random: Random): Int32Array {
  const trials = groups.reduce((sum, group) => sum + group.length, 0),
    donors = new Int32Array(trials);
  for (const group of groups) {
    const size = group.length,
      length = block ?? usualBlock(size);
    for (let at = 0; at < size; at += length) {
      const first = random.int(0, size - 1);
      for (let i = 0; i < length && at + i < size; i++) donors[group[at + i]] = group[(first + i) % size];
    }
  }
  return donors;
}
