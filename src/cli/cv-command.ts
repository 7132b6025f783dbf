import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fromJson, toJson, writeNpz } from "../data";
import { fileJournal, threadExecutor } from "../node";
import { collectGrid, crossValidateSteps, gridJobs } from "../select";
import type { CrossValidateOptions, CrossValidation, Executor, Grid, GridAxes, GridJob, GridRow } from "../select";
import {
  UsageError,
  exitCodes,
  fileOf,
  numberOf,
  numbersOf,
  recordOf,
  textOf,
  type Call,
  type Command,
} from "./command";
import { number, progressOn, tableText, timeLeft } from "./progress";
import { readData, type CommandData } from "./read-data";

/** Cross-validation over a grid: here, on threads, through Redis, or as the jobs of a cluster. */
export const cvCommand: Command = {
  about: "cross-validate a grid of fits or decompositions, and choose",
  help: `ltrnn cv FILE --rank 1,2,3 [--model fit|cp] [--size N,…] [--kernel LENGTH,…]
          [--hypothesis nothing,inputs,weights]
         [--seeds 0,1] [--baselines] [--options JSON] [--folds N] [--half 5,2,Infinity] [--seed N]
         [--threads N | --redis HOST:PORT] [--journal FILE] [--array NAME] [--condition NAME] [--epoch NAME]
         [--trials a:b] [--time a:b]
ltrnn cv FILE … --jobs DIR        write a job for every cell, for a cluster: see ltrnn run
ltrnn cv --collect DIR            gather the rows that ltrnn run wrote

A fold holds out boxes of entries: one set to stop and to choose by, another to report. With --journal a grid that was
stopped goes on where it was. A workers' queue: start bullmqWorker of ltrnn/bullmq on any machine.

  ltrnn cv recording.npz --array activity --condition target --rank 1,2,3,4 --baselines --threads 4 \\
      --journal grid.journal
  ltrnn cv weights.npy --model cp --rank 0,1,2,3 --json`,
  data: true,
  options: {
    model: "text",
    rank: "text",
    size: "text",
    kernel: "text",
    hypothesis: "text",
    seeds: "text",
    baselines: "flag",
    options: "text",
    folds: "text",
    half: "text",
    seed: "text",
    threads: "text",
    redis: "text",
    journal: "text",
    jobs: "text",
    collect: "text",
  },
  async run(call, terminal) {
    const collect = textOf(call, "collect");
    if (collect !== undefined) return show(collected(collect), call, terminal.out);
    const data = await readData(call, fileOf(call, "the data")),
      grids = gridsOf(call, data),
      folder = textOf(call, "jobs");
    if (folder !== undefined) {
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, "data.npz"), writeNpz({ data: data.tensor }));
      let count = 0;
      for (const job of gridJobs(data.tensor, grids, { ...optionsOf(call), name: "data.npz" }))
        writeFileSync(join(folder, `job-${count++}.json`), toJson(job));
      terminal.out(`${count} jobs in ${folder}, job-0.json to job-${count - 1}.json\n`);
      return exitCodes.done;
    }
    const threads = numberOf(call, "threads"),
      redis = textOf(call, "redis"),
      journal = textOf(call, "journal");
    if (threads !== undefined && redis !== undefined) throw new UsageError("expected --threads or --redis, got both.");
    const pool = threads === undefined ? undefined : threadExecutor({ threads }),
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
    return show(end as CrossValidation, call, terminal.out);
  },
};

/** The executor through Redis; it loads its package where the grid begins, since that is optional. */
async function throughRedis(text: string): Promise<Executor> {
  const match = /^(.+):(\d+)$/.exec(text);
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

function gridsOf(call: Call, { conditions, epochs }: CommandData): Grid[] {
  const model = textOf(call, "model") ?? "fit",
    labels = { ...(conditions ? { conditions } : {}), ...(epochs ? { epochs } : {}) },
    hypothesis = textOf(call, "hypothesis")?.split(",");
  const all = {
    hypothesis,
    rank: numbersOf(call, "rank"),
    size: numbersOf(call, "size"),
    kernel: numbersOf(call, "kernel"),
    seed: numbersOf(call, "seeds"),
  };
  const axes = Object.fromEntries(Object.entries(all).filter(([, values]) => values !== undefined)) as GridAxes,
    options = { ...(model === "fit" ? labels : {}), ...recordOf(call, "options") },
    rivals = call.values.baselines === true ? ["conditionMean", "smoothedConditionMean", "trialPca"] : [];
  return [
    ...rivals.map((name): Grid => ({ model: name, options: conditions ? { conditions } : {} })),
    { model, axes, options },
  ];
}

/** Jobs and rows of a folder that `--jobs` and `ltrnn run` wrote. */
function collected(folder: string): CrossValidation {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch (error) {
    throw new UsageError(`--collect: ${error instanceof Error ? error.message : error}`);
  }
  const read = <T>(pattern: RegExp) =>
    names.filter((name) => pattern.test(name)).map((name) => fromJson<T>(readFileSync(join(folder, name), "utf8")));
  return collectGrid(read<GridJob>(/^job-\d+\.json$/), read<GridRow>(/^row-\d+\.json$/));
}

function show(result: CrossValidation, call: Call, out: (text: string) => void): number {
  const { choice, rows, done, total, status } = result,
    failed = rows.filter((row) => row.status === "failed");
  if (call.values.json === true) out(`${toJson({ rows, choice, done, total, status })}\n`);
  else {
    const points = choice?.points ?? [];
    out(
      tableText(
        ["model", "validation", "error", "test", "error"],
        points.map(({ model, axes, validation, test }) => [
          [model, ...Object.entries(axes).map(([axis, value]) => `${axis} ${value}`)].join(", "),
          number(validation.mean),
          number(validation.error),
          number(test.mean),
          number(test.error),
        ]),
      ),
    );
    out(`${choice?.statement ?? "No cell is scored."}\n`);
    if (done < total) out(`${total - done} of ${total} cells are missing.\n`);
    for (const reason of new Set(failed.map((row) => row.reason))) out(`failed: ${reason}\n`);
  }
  return failed.length > 0 ? exitCodes.failures : done < total ? exitCodes.stopped : exitCodes.done;
}
