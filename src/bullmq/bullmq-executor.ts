import { randomUUID } from "node:crypto";
import type { Job } from "bullmq";
import { LtrnnError, fail, readOptions, show, type FieldsOf } from "../base";
import { fromJson, toJson } from "../data";
import { asTheyFinish, isRow, lostRow, type Executor, type GridJob, type GridRow } from "../select";
import {
  isWithoutData,
  keptFor,
  loadBullmq,
  openQueue,
  putData,
  whenBack,
  type KeptData,
  type RedisConnection,
} from "./queue";

/** Which queue a grid goes through. */
export interface BullmqExecutorOptions {
  /** where Redis is; default this machine, port 6379 */
  readonly connection?: RedisConnection;
  /** name of the queue; default "ltrnn" */
  readonly queue?: string;
  /** what keys in Redis begin with; default "ltrnn" */
  readonly prefix?: string;
  /** cells in the queue at once; default 1000 */
  readonly inFlight?: number;
  /** names of candidates that its workers have beside the library's; default none */
  readonly models?: readonly string[];
}

export const checkConnection = (where: string, name: string, value: unknown): void => {
  if (typeof value !== "object" || value === null)
    fail(where, {
      expected: `${name} to be where Redis is`,
      got: show(value),
      fix: 'Pass such as { host: "127.0.0.1", port: 6379 }.',
    });
};

const fields = {
  connection: { is: "checked", check: checkConnection, fallback: {} },
  queue: { is: "text", fallback: "ltrnn" },
  prefix: { is: "text", fallback: "ltrnn" },
  inFlight: { is: "whole number", least: 1, most: 100_000, fallback: 1000 },
  models: { is: "list", of: { is: "text" }, fallback: [] },
} as const satisfies FieldsOf<BullmqExecutorOptions>;

/**
 * The executor that hands cells to workers on any machine, through a queue of BullMQ in Redis: see
 * {@link bullmqWorker}. A cell whose worker dies is given to another one. The data go through Redis once.
 * A grid that ends, or is stopped, takes away its data, its jobs and their rows; what a killed process left in Redis is
 * gone after a day, or by {@link emptyQueue}.
 *
 * @throws {@link LtrnnError} from the grid's first step, where no Redis answers or bullmq is not installed
 * @remarks Rows are the same to the bit as those of `inProcess`. It waits as long as there is no worker.
 * @example bullmqExecutor({ connection: { host: "127.0.0.1", port: 6379 } })
 */
export function bullmqExecutor(options: BullmqExecutorOptions = {}): Executor {
  const where = "bullmqExecutor",
    { connection, queue: name, prefix, inFlight, models } = readOptions(where, options, fields);
  return {
    models: models as readonly string[],
    async *run(jobs, { data, signal }) {
      const redis = connection as RedisConnection,
        { QueueEvents } = await loadBullmq(where),
        queue = await openQueue(where, name, redis, prefix),
        events = new QueueEvents(name, { connection: redis, prefix, skipVersionCheck: true }),
        open = new Map<string, OpenCell>(),
        put = new Map<string, Promise<KeptData>>(),
        holder = randomUUID(),
        after = { removeOnComplete: { age: keptFor / 1000 }, removeOnFail: { age: keptFor / 1000 } };
      events.on("error", () => {});
      events.setMaxListeners(0);
      queue.setMaxListeners(0);
      let stop = () => {};
      const stopped = new Promise<undefined>((resolve) => {
        stop = () => resolve(undefined);
      });
      signal?.addEventListener("abort", stop, { once: true });
      const runOne = (job: GridJob): Promise<GridRow | undefined> =>
        throughQueue(job).catch((error: unknown) => {
          if (error instanceof LtrnnError) throw error;
          return fail(where, {
            expected: "a Redis server that goes on answering",
            got: reasonOf(error),
            fix: "Start it again, and the grid with a journal: it goes on where it was.",
          });
        });
      const throughQueue = async (job: GridJob): Promise<GridRow | undefined> => {
        let ready = put.get(job.data.name);
        if (!ready) {
          const tensor = data[job.data.name];
          if (!tensor) fail(where, { expected: `data called ${job.data.name}`, got: "none", fix: "Name them." });
          ready = putData(queue, tensor, holder);
          put.set(job.data.name, ready);
        }
        const kept = await ready;
        // the same cell has the same id: one that is in the queue, or done, since an earlier run, is not added again
        const id = `${job.grid}-${job.cell}`,
          add = () => queue.add("cell", { job: toJson(job) }, { jobId: id, ...after }),
          queued = await add();
        const finished = new Promise<GridRow>((resolve) => {
          const watch = (one: Job) =>
            void one.waitUntilFinished(events).then(
              (text: unknown) => resolve(rowFrom(job, text)),
              () => look().catch(() => {}), // Redis is away: `whenBack` looks again
            );
          // the cell has failed, or Redis was away and may have lost it, or the data
          const look = async () => {
            const found = await queue.getJob(id),
              hasFailed = found && (await found.isFailed());
            if (hasFailed && !isWithoutData(found.failedReason)) return resolve(lostRow(job, found.failedReason));
            if (hasFailed) await found.remove().catch(() => {}); // another look has done so
            if (!found || hasFailed) await kept.renew();
            if (open.has(id)) watch(found && !hasFailed ? found : await add());
          };
          open.set(id, { queued, look });
          watch(queued);
        });
        const row = await Promise.race([finished, stopped]);
        if (row) {
          open.delete(id);
          await queued.remove().catch(() => {}); // another run of the same grid has taken it away
        }
        return row;
      };
      let leave = () => {};
      try {
        await events.waitUntilReady();
        // an error means that Redis is away again, so that this is repeated
        leave = await whenBack(queue, () => void restore(put.values(), open.values()).catch(() => {}));
        for await (const row of asTheyFinish(jobs, inFlight, runOne, signal)) if (row && !signal?.aborted) yield row;
      } finally {
        stop();
        leave();
        signal?.removeEventListener("abort", stop);
        for (const { queued } of open.values()) await queued.remove().catch(() => {}); // a worker has it
        open.clear();
        for (const ready of put.values()) await ready.then((data) => data.release()).catch(() => {}); // no Redis
        await Promise.allSettled([events.close(), queue.close()]);
      }
    },
  };
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** A cell in the queue. */
interface OpenCell {
  readonly queued: Job;
  /** wait for it again, and add it again where Redis has lost it */
  look(): Promise<void>;
}

/** Put data and cells into Redis again where it lost them, as it does where it keeps nothing on disk. */
async function restore(data: Iterable<Promise<KeptData>>, cells: Iterable<OpenCell>): Promise<void> {
  for (const ready of data) await (await ready).renew();
  for (const cell of cells) await cell.look();
}

/** The row that a worker gave; a worker of another kind may give anything. */
function rowFrom(job: GridJob, text: unknown): GridRow {
  try {
    const row = typeof text === "string" ? fromJson<GridRow>(text) : undefined;
    if (isRow(row) && row.cell === job.cell) return row;
  } catch {
    // no JSON
  }
  return lostRow(job, `its worker gave ${show(text)} in place of a row`);
}
