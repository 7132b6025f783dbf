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
  };
}

/** From the first to before the last, as Python slices. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

export const usage = `npm run demo -- [--out DIR] [--seed N]
npm run demo -- --recording FILE.npz --activity NAME [--condition NAME] [--epoch NAME] [--trials a:b] [--time a:b] [--out DIR] [--seed N]`;

/** A call that cannot be run: its message is all the user needs. */
export class UsageError extends Error {}

export function readOptions(args: readonly string[]): DemoOptions {
  const text = { type: "string" } as const;
  let values: Partial<
    Record<"out" | "seed" | "recording" | "activity" | "condition" | "epoch" | "trials" | "time", string>
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
      },
    }));
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\n${usage}`);
  }
  const { out = "demo-report", seed = "1", recording, activity, condition, epoch, trials, time } = values;
  if (!Number.isFinite(Number(seed)) || seed.trim() === "")
    throw new UsageError(`--seed: expected a number, got "${seed}".\n${usage}`);
  if (existsSync(out) && !statSync(out).isDirectory())
    throw new UsageError(`--out: expected a folder, got the file ${out}.`);
  if (recording === undefined) {
    const needless = Object.entries({ activity, condition, epoch, trials, time }).find(
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
