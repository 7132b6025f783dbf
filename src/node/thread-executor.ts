import { availableParallelism } from "node:os";
import { fail, readOptions, type FieldsOf } from "../base";
import { asTheyFinish, type Executor } from "../select";
import { gridPool } from "./grid-pool";

/** Which threads run a grid. */
export interface ThreadExecutorOptions {
  /** cells that are computed at once; default as many as the machine runs in parallel */
  readonly threads?: number;
  /** the URL of a module whose export `candidates` holds candidates beside the library's, by name; default none */
  readonly module?: string;
  /** the names of those candidates; default none */
  readonly models?: readonly string[];
  /** seconds after which a cell is ended, a failed row that says so; default none */
  readonly limit?: number;
}

/** An executor whose threads are kept from grid to grid, until it is closed. */
export interface ThreadExecutor extends Executor {
  /** end the threads; what runs is cut short */
  close(): Promise<void>;
}

const fields = {
  threads: { is: "whole number", least: 1, most: 1024 },
  module: { is: "text" },
  models: { is: "list", of: { is: "text" }, fallback: [] },
  limit: { is: "number", above: 0, most: 2_000_000 }, // what a timer of Node can wait
} as const satisfies FieldsOf<ThreadExecutorOptions>;

/**
 * The executor that computes cells on worker threads of this machine, each one cell at a time. Threads see one copy of
 * the data in shared memory. A thread that ends, as by too much memory, makes its cell a failed row; so does a cell
 * that takes longer than `limit`.
 *
 * @throws {@link LtrnnError} when there is no room for so many threads, or models are named without a module
 * @remarks Rows are the same to the bit as those of {@link inProcess}, but where a limit ends a cell. A thread takes
 * about 0.2 s to start, once.
 * @example threadExecutor({ threads: 2 })
 */
export function threadExecutor(options: ThreadExecutorOptions = {}): ThreadExecutor {
  const where = "threadExecutor",
    { threads = availableParallelism(), module, models, limit } = readOptions(where, options, fields);
  if (models.length > 0 && module === undefined)
    fail(where, {
      expected: "a module that models come from",
      got: `models ${models.join(", ")} without one`,
      fix: "Pass module: new URL('./candidates.js', import.meta.url).href.",
    });
  const pool = gridPool(threads, module ?? null, limit);
  return {
    models: models as readonly string[],
    async *run(jobs, { data, signal }) {
      const rows = asTheyFinish(
        jobs,
        threads,
        async (job) => {
          const tensor = data[job.data.name];
          if (!tensor) fail(where, { expected: `data called ${job.data.name}`, got: "none", fix: "Name them." });
          return pool.run(job, tensor, signal);
        },
        signal,
      );
      for await (const row of rows) {
        if (signal?.aborted) return; // what ended was cut short
        yield row;
      }
    },
    close: () => pool.close(),
  };
}
