import type { Job } from "bullmq";
import { fail, readOptions, type FieldsOf } from "../base";
import { fromJson, toJson } from "../data";
import { gridPool } from "../node";
import { checkJob, type GridJob } from "../select";
import type { Tensor } from "../tensor";
import { checkConnection } from "./bullmq-executor";
import { getData, loadBullmq, openQueue, type RedisConnection } from "./queue";

/** How a worker takes cells from a queue. */
export interface BullmqWorkerOptions {
  /** where Redis is; default this machine, port 6379 */
  readonly connection?: RedisConnection;
  /** name of the queue; default "ltrnn" */
  readonly queue?: string;
  /** what keys in Redis begin with; default "ltrnn" */
  readonly prefix?: string;
  /** cells at once, each on a thread of its own; default 1 */
  readonly threads?: number;
  /** the URL of a module whose export `candidates` holds candidates beside the library's; default none */
  readonly module?: string;
  /** milliseconds after which the cell of a worker that went silent is given to another; default 30000 */
  readonly patience?: number;
  /** how often a cell may lose its worker before it fails; default 5 */
  readonly losses?: number;
  /** seconds after which a cell is ended, a failed row that says so; default none */
  readonly limit?: number;
}

/** A worker that takes cells until it is closed. */
export interface BullmqWorker {
  /** take no more cells, finish those that run, and end */
  close(): Promise<void>;
}

const fields = {
  connection: { is: "checked", check: checkConnection, fallback: {} },
  queue: { is: "text", fallback: "ltrnn" },
  prefix: { is: "text", fallback: "ltrnn" },
  threads: { is: "whole number", least: 1, most: 1024, fallback: 1 },
  module: { is: "text" },
  patience: { is: "whole number", least: 100, most: 86_400_000, fallback: 30_000 },
  losses: { is: "whole number", least: 0, most: 10_000, fallback: 5 },
  limit: { is: "number", above: 0, most: 2_000_000 },
} as const satisfies FieldsOf<BullmqWorkerOptions>;

/** Tensors that a worker keeps, so that cells of one grid fetch them once. */
const kept = 4;

/**
 * A worker that computes cells which {@link bullmqExecutor} queues, on any machine that reaches the same Redis. Cells
 * run on threads, so that the worker goes on telling the queue that it lives; where it dies, its cells go to others.
 *
 * @throws {@link LtrnnError} where no Redis answers or bullmq is not installed
 * @example
 * ```ts
 * const worker = await bullmqWorker({ connection: { host: "127.0.0.1", port: 6379 }, threads: 4 });
 * ```
 */
export async function bullmqWorker(options: BullmqWorkerOptions = {}): Promise<BullmqWorker> {
  const where = "bullmqWorker",
    read = readOptions(where, options, fields),
    connection = read.connection as RedisConnection,
    { Worker } = await loadBullmq(where),
    queue = await openQueue(where, read.queue, connection, read.prefix),
    pool = gridPool(read.threads, read.module ?? null, read.limit),
    tensors = new Map<string, Promise<Tensor>>();
  const dataOf = (sum: string): Promise<Tensor> => {
    const known = tensors.get(sum);
    if (known) return known;
    const fetched = getData(queue, sum);
    tensors.set(sum, fetched);
    fetched.catch(() => tensors.delete(sum));
    if (tensors.size > kept) tensors.delete([...tensors.keys()][0]);
    return fetched;
  };
  const work = async ({ data }: Job): Promise<string> => {
    const text: unknown = (data as { job?: unknown } | undefined)?.job;
    if (typeof text !== "string")
      fail(where, { expected: "a job of a grid", got: "another", fix: "Give it a queue of its own." });
    const job: GridJob = fromJson(text);
    checkJob(where, job);
    return toJson(await pool.run(job, await dataOf(job.data.checksum)));
  };
  const worker = new Worker(read.queue, work, {
    connection,
    prefix: read.prefix,
    concurrency: read.threads,
    lockDuration: read.patience,
    stalledInterval: Math.ceil(read.patience / 2),
    maxStalledCount: read.losses,
    skipVersionCheck: true,
  });
  worker.on("error", () => {}); // it connects again by itself
  await worker.waitUntilReady();
  return {
    async close() {
      await worker.close();
      await Promise.allSettled([queue.close(), pool.close()]);
    },
  };
}
