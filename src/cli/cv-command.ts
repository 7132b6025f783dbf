import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { toJson, writeNpz } from "../data";
import { fileJournal, threadExecutor } from "../node";
import { collectGrid, crossValidateSteps, gridJobs } from "../select";
import type { CrossValidateOptions, CrossValidation, Executor, GridJob, GridRow } from "../select";
import {
  UsageError,
  exitCodes,
  fileOf,
  numberOf,
  numbersOf,
  reasonOf,
  refuseBeside,
  textOf,
  type Call,
  type Command,
} from "./command";
import { gridsOf } from "./cv-grids";
import { showGrid } from "./cv-table";
import { checkOutput, writeOutput } from "./output";
import { progressOn, timeLeft } from "./progress";
import { readData, recordIn } from "./read-data";

/** Cross-validation over a grid: here, on threads, through Redis, or as the jobs of a cluster. */
export const cvCommand: Command = {
  about: "cross-validate a grid of fits or decompositions, and choose",
  help: `ltrnn cv FILE --rank 1,2,3 [--model fit|cp] [--size N,…] [--kernel LENGTH,…]
         [--hypothesis nothing,inputs,jump,weights,shuffled,free] [--seeds 0,1] [--baselines[=NAME,…]]
         [--options JSON] [--folds N] [--half 5,2,Infinity] [--seed N] [--threads N | --redis HOST:PORT]
         [--limit SECONDS] [--journal FILE] [--array NAME] [--condition NAME] [--epoch NAME] [--trials a:b] [--time a:b]
ltrnn cv FILE … --jobs DIR        write a job for every cell, for a cluster: see ltrnn run
ltrnn cv --collect DIR            gather the rows that ltrnn run wrote

A fold holds out boxes of entries: one set to stop and to choose by, another to report. With --journal a grid that was
stopped goes on where it was. --limit, with --threads, ends a cell that takes longer: a row with that reason. A workers'
queue: start bullmqWorker of ltrnn/bullmq on any machine.

--baselines puts all baselines and rivals beside the fits: conditionMean, smoothedConditionMean, reducedRankKernel,
trialPca, maskedCp, sliceComponents, linearDynamics and nearPairCeiling, or those that it names. --hypothesis makes
networks rivals of one another: what may change over trials.

  ltrnn cv recording.npz --array activity --condition target --rank 1,2,3,4 --baselines --threads 4 \\
      --journal grid.journal
  ltrnn cv weights.npy --model cp --rank 0,1,2,3 --json`,
  data: "labeled array",
  options: {
    model: "text",
    rank: "text",
    size: "text",
    kernel: "text",
    hypothesis: "text",
    seeds: "text",
    baselines: "flag or text",
    options: "text",
    folds: "text",
    half: "text",
    seed: "text",
    threads: "text",
    limit: "text",
    redis: "text",
    journal: "text",
    jobs: "text",
    collect: "text",
  },
  async run(call, terminal) {
    const collect = textOf(call, "collect");
    refuseBeside(
      call,
      "collect",
      Object.keys(call.values).filter((name) => name !== "collect" && name !== "json"),
    );
    refuseBeside(call, "jobs", ["threads", "redis", "journal", "limit"]);
    refuseBeside(call, "redis", ["threads", "limit"]);
    if (collect !== undefined && call.files.length > 0)
      throw new UsageError(`--collect: expected no file beside it, got ${call.files[0]}.`);
    if (collect !== undefined) return showGrid(collected(collect), call, terminal.out);
    const data = await readData(call, fileOf(call, "the data")),
      grids = gridsOf(call, data),
      folder = textOf(call, "jobs");
    if (folder === "") throw new UsageError("--jobs: expected the name of a folder, got none.");
    if (folder !== undefined) {
      checkOutput("--jobs", join(folder, "data.npz"));
      let count = 0;
      for (const job of gridJobs(data.tensor, grids, { ...optionsOf(call), name: "data.npz" })) {
        if (count === 0) {
          refuseOtherGrid(folder, job);
          writeOutput("--jobs", join(folder, "data.npz"), writeNpz({ data: data.tensor }));
        }
        writeOutput("--jobs", join(folder, `job-${count++}.json`), toJson(job));
      }
      terminal.out(`${count} jobs in ${folder}, job-0.json to job-${count - 1}.json\n`);
      return exitCodes.done;
    }
    const threads = numberOf(call, "threads"),
      limit = numberOf(call, "limit"),
      redis = textOf(call, "redis"),
      journal = textOf(call, "journal");
    if (limit !== undefined && threads === undefined)
      throw new UsageError("--limit: expected --threads too, as a cell can be ended on a thread of its own alone.");
    const pool =
        threads === undefined ? undefined : threadExecutor({ threads, ...(limit === undefined ? {} : { limit }) }),
      executor = redis === undefined ? pool : await throughRedis(redis),
      say = progressOn(terminal);
    let end: CrossValidation | undefined;
    try {
      for await (const step of crossValidateSteps(data.tensor, grids, {
        ...optionsOf(call),
        ...(executor ? { executor } : {}),
        ...(journal === undefined ? {} : { journal: fileJournal(journal) }),
        ...(terminal.signal ? { signal: terminal.signal } : {}),
      })) {
        end = step;
        say(`${step.done} of ${step.total} cells${timeLeft(step.secondsLeft)}`, step.done === step.total);
      }
    } finally {
      await pool?.close();
    }
    const { dropped } = end as CrossValidation;
    if (dropped > 0) terminal.err(`${dropped} torn or damaged lines of the journal were left out\n`);
    return showGrid(end as CrossValidation, call, terminal.out);
  },
};

/** The executor through Redis; it loads its package where the grid begins, since that is optional. */
async function throughRedis(text: string): Promise<Executor> {
  const match = /^\[?(.+?)\]?:(\d+)$/.exec(text); // brackets around an address of IPv6
  if (!match) throw new UsageError(`--redis: expected HOST:PORT, got "${text}".`);
  const { bullmqExecutor } = await import("../bullmq");
  return bullmqExecutor({ connection: { host: match[1], port: Number(match[2]) } });
}

function optionsOf(call: Call): CrossValidateOptions {
  const folds = numberOf(call, "folds"),
    half = numbersOf(call, "half"),
    seed = numberOf(call, "seed");
  return {
    ...(folds === undefined ? {} : { folds }),
    ...(half === undefined ? {} : { boxes: { half } }),
    ...(seed === undefined ? {} : { seed }),
  };
}

/** Rows do not name their grid, so a folder holds those of one grid only. */
function refuseOtherGrid(folder: string, { grid }: GridJob): void {
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => /^(job|row)-\d+\.json$/.test(name)) : [],
    other = names.find((name) => name.startsWith("row-") && !names.includes(name.replace("row", "job"))),
    jobs = names.filter((name) => name.startsWith("job-"));
  if (other !== undefined || jobs.some((name) => recordIn<GridJob | null>(join(folder, name))?.grid !== grid))
    throw new UsageError(`--jobs: expected a folder without jobs and rows of another grid, got ${folder}.`);
}

/** Jobs and rows of a folder that `--jobs` and `ltrnn run` wrote. */
function collected(folder: string): CrossValidation {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch (error) {
    throw new UsageError(`--collect: ${reasonOf(error)}`);
  }
  const read = <T>(pattern: RegExp) =>
    names.filter((name) => pattern.test(name)).map((name) => recordIn<T>(join(folder, name)));
  return collectGrid(read<GridJob>(/^job-\d+\.json$/), read<GridRow>(/^row-\d+\.json$/));
}
