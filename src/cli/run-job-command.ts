import { dirname, join } from "node:path";
import { toJson } from "../data";
import { runGridJob, type GridJob } from "../select";
import { UsageError, exitCodes, fileOf, textOf, type Command } from "./command";
import { checkOutput, writeOutput } from "./output";
import { arraysIn, isTensor, recordIn } from "./read-data";

/** One cell of a grid, as a task of a cluster's array. */
export const runJobCommand: Command = {
  about: "compute one cell of a grid, as the array of a cluster does",
  help: `ltrnn run DIR/job-N.json [--out FILE]

Computes the cell of a job that ltrnn cv --jobs DIR wrote, and writes its row to DIR/row-N.json, or to FILE. The row is
the same to the bit on every machine. A cell that fails has a row with its reason, and the exit code 3.

  ltrnn run jobs/job-$SLURM_ARRAY_TASK_ID.json`,
  options: { out: "text" },
  async run(call, terminal) {
    const file = fileOf(call, "a job"),
      job = recordIn<GridJob>(file),
      name: unknown = (job as { data?: { name?: unknown } } | null)?.data?.name;
    if (typeof name !== "string") throw new UsageError(`${file}: expected a job that ltrnn cv --jobs wrote.`);
    const data = (await arraysIn(join(dirname(file), name))).data;
    if (!isTensor(data)) throw new UsageError(`${name}: expected an array called data.`);
    const out = textOf(call, "out") ?? join(dirname(file), `row-${job.cell}.json`);
    checkOutput("the row", out);
    const row = await runGridJob(job, { shape: data.shape, data: data.data });
    writeOutput("the row", out, toJson(row));
    if (call.values.json === true) terminal.out(`${toJson(row)}\n`);
    if (row.status === "failed") terminal.err(`failed: ${row.reason}\n`);
    return row.status === "failed" ? exitCodes.failures : exitCodes.done;
  },
};
