import { pathToFileURL } from "node:url";
import { Tinypool } from "tinypool";
import { failedRow, type GridJob, type GridRow } from "../select";
import { shareArray } from "../threads";
import type { Tensor } from "../tensor";

/** Threads that are kept, and run one cell each at a time. */
export interface GridPool {
  readonly threads: number;
  /** the row of a job; one whose thread ended is a failed one */
  run(job: GridJob, data: Tensor, signal?: AbortSignal): Promise<GridRow>;
  /** end the threads */
  close(): Promise<void>;
}

/** The script of a thread, beside the file that this one is built into, as a module of either kind. */
const workerUrl = (): string =>
  new URL("./grid-worker.js", typeof __filename === "string" ? pathToFileURL(__filename) : import.meta.url).href;

/**
 * A pool on this machine. Threads start with the first job, and see one copy of the data.
 *
 * @example gridPool(2, null).threads // 2
 */
export function gridPool(threads: number, module: string | null): GridPool {
  let pool: Tinypool | undefined;
  const shared = new WeakMap<Tensor, Tensor>();
  return {
    threads,
    async run(job, data, signal) {
      pool ??= new Tinypool({
        filename: workerUrl(),
        minThreads: threads,
        maxThreads: threads,
        idleTimeout: 2_000_000_000,
        useAtomics: !("Deno" in globalThis), // there, a thread that waits by them may never see its job
      });
      let seen = shared.get(data);
      if (!seen) {
        seen = { shape: data.shape, data: shareArray(data.data) };
        shared.set(data, seen);
      }
      try {
        return (await pool.run({ job, data: seen, module }, signal ? { signal } : {})) as GridRow;
      } catch (error) {
        return failedRow(job, `its thread ended: ${error instanceof Error ? error.message : String(error)}`);
      }
    },
    async close() {
      const ending = pool;
      pool = undefined;
      await ending?.destroy();
    },
  };
}
