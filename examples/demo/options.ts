import { existsSync, statSync } from "node:fs";
import { parseArgs } from "node:util";

/** What the command line asked for. */
export interface DemoOptions {
  readonly out: string;
  readonly seed: number;
  readonly recording?: {
    readonly file: string;
    readonly activity: string;
    readonly condition?: string;
    readonly epoch?: string;
    readonly trials?: Range;
    readonly time?: Range;
    /** ranks that are fitted; default 1, 2, 3, 6 */
    readonly ranks?: readonly number[];
    /** half the size of held-out boxes, in trials and time bins; default 5, 2 */
    readonly box?: readonly [trials: number, bins: number];
  };
}

/** From the first to before the last, as Python slices. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

export const usage = `npm run demo -- [--out DIR] [--seed N]
npm run demo -- --recording FILE.npz --activity NAME [--condition NAME] [--epoch NAME] [--trials a:b] [--time a:b]
            [--ranks 1,2,3] [--box TRIALS,BINS] [--out DIR] [--seed N]
npm run demo -- --help

--ranks  ranks that are fitted to a recording, default 1,2,3,6
--time   time bins that are read, from the first to before the last, as --trials
--box    half the size of the boxes that are held out: trials,bins; default 5,2: boxes of 11 trials and 5 bins`;

/** A call that cannot be run: its message is all the user needs. */
export class UsageError extends Error {}

export function readOptions(args: readonly string[]): DemoOptions {
  const text = { type: "string" } as const;
  let values: Partial<
    Record<
      "out" | "seed" | "recording" | "activity" | "condition" | "epoch" | "trials" | "time" | "ranks" | "box",
      string
    >
  >;
  try {
    ({ values } = parseArgs({
      args: [...args],
      options: {
        out: text,
        seed: text,
        recording: text,
        activity: text,
        condition: text,
        epoch: text,
        trials: text,
        time: text,
        ranks: text,
        box: text,
      },
    }));
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\n${usage}`);
  }
  const { out = "demo-report", seed = "1", recording, activity, condition, epoch, trials, time, ranks, box } = values;
  if (!Number.isFinite(Number(seed)) || seed.trim() === "")
    throw new UsageError(`--seed: expected a number, got "${seed}".\n${usage}`);
  if (existsSync(out) && !statSync(out).isDirectory())
    throw new UsageError(`--out: expected a folder, got the file ${out}.`);
  if (recording === undefined) {
    const needless = Object.entries({ activity, condition, epoch, trials, time, ranks, box }).find(
      ([, value]) => value !== undefined,
    );
    if (needless)
      throw new UsageError(
        `--${needless[0]} says how to read a recording: name it with --recording FILE.npz.\n${usage}`,
      );
    return { out, seed: Number(seed) };
  }
  if (activity === undefined)
    throw new UsageError(
      `--recording: expected also --activity, the name of the array (trials × time × neurons).\n${usage}`,
    );
  return {
    out,
    seed: Number(seed),
    recording: {
      file: recording,
      activity,
      condition,
      epoch,
      trials: range("trials", trials),
      time: range("time", time),
      ...(ranks === undefined ? {} : { ranks: ranksOf(ranks) }),
      ...(box === undefined ? {} : { box: boxOf(box) }),
    },
  };
}

function range(name: string, value: string | undefined): Range | undefined {
  if (value === undefined) return undefined;
  const match = /^(\d+):(\d+)$/.exec(value);
  if (!match || Number(match[1]) >= Number(match[2]))
    throw new UsageError(`--${name}: expected a:b with a below b, such as 6:20, got "${value}".\n${usage}`);
  return { from: Number(match[1]), to: Number(match[2]) };
}

/** Ranks in ascending order, each once. */
function ranksOf(value: string): readonly number[] {
  const ranks = value.split(",").map(Number);
  if (!ranks.every((rank) => Number.isInteger(rank) && rank >= 1))
    throw new UsageError(`--ranks: expected whole numbers from 1 on, such as 1,2,3, got "${value}".\n${usage}`);
  return [...new Set(ranks)].sort((a, b) => a - b);
}

function boxOf(value: string): readonly [number, number] {
  const match = /^(\d+),(\d+)$/.exec(value);
  if (!match) throw new UsageError(`--box: expected trials,bins, such as 2,1, got "${value}".\n${usage}`);
  return [Number(match[1]), Number(match[2])];
}
