import { existsSync, statSync } from "node:fs";
import { parseArgs } from "node:util";

/** What the command line asked for. */
export interface DemoOptions {
  readonly out: string;
  readonly seed: number;
  /** options of `npx ltrnn analyze`, as they were typed */
  readonly recording?: Readonly<Partial<Record<RecordingOption | "file", string>>>;
}

const recordingOptions = ["activity", "condition", "epoch", "trials", "time", "ranks", "box", "folds"] as const;
type RecordingOption = (typeof recordingOptions)[number];

export const usage = `npm run demo -- [--out DIR] [--seed N]
npm run demo -- --recording FILE --activity NAME [--condition NAME] [--epoch NAME] [--trials a:b] [--time a:b]
            [--ranks 1,2,3] [--box TRIALS,BINS] [--folds N] [--out DIR] [--seed N]
npm run demo -- --help

The first checks the paper's claims, from a seed. The second is npx ltrnn analyze FILE, which has more options:
--ranks  ranks that are fitted to a recording, default 1,2,3,6: --rank of ltrnn analyze
--time   time bins that are read, from the first to before the last, as --trials
--box    half the size of the boxes that are held out, trials,bins: --half of ltrnn analyze; default 5,2, boxes of 11
         trials and 5 bins, or smaller ones where the recording is short
--folds  splits into training and held-out boxes, default 3`;

/** A call that cannot be run: its message is all the user needs. */
export class UsageError extends Error {}

export function readOptions(args: readonly string[]): DemoOptions {
  const names = ["out", "seed", "recording", ...recordingOptions] as const;
  let values: Partial<Record<(typeof names)[number], string>>;
  try {
    const options = Object.fromEntries(names.map((name) => [name, { type: "string" as const }]));
    values = parseArgs({ args: [...args], options }).values as typeof values;
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\n${usage}`);
  }
  const { out = "demo-report", seed = "1", recording: file, ...rest } = values;
  if (!Number.isFinite(Number(seed)) || seed.trim() === "")
    throw new UsageError(`--seed: expected a number, got "${seed}".\n${usage}`);
  if (existsSync(out) && !statSync(out).isDirectory())
    throw new UsageError(`--out: expected a folder, got the file ${out}.`);
  if (file !== undefined) return { out, seed: Number(seed), recording: { ...rest, file } };
  const needless = Object.keys(rest)[0];
  if (needless !== undefined)
    throw new UsageError(`--${needless} says how to read a recording: name it with --recording FILE.\n${usage}`);
  return { out, seed: Number(seed) };
}
