import { pathToFileURL } from "node:url";
import { Tinypool } from "tinypool";
import { fail } from "../base";
import { lostRow, type GridJob, type GridRow } from "../select";
import { shareArray } from "../threads";
import type { Tensor } from "../tensor";
import type { ThreadTask } from "./grid-worker";

/** Threads that are kept, and run one cell each at a time. */
export interface GridPool {
  readonly threads: number;
  /** the row of a job; one whose thread ended, or that takes longer than its limit, is a failed one */
  run(job: GridJob, data: Tensor, signal?: AbortSignal): Promise<GridRow>;
  /** end the threads */
  close(): Promise<void>;
}

/** The script of a thread, beside the file that this one is built into, as a module of either kind. */
const workerUrl = (): string =>
  new URL("./grid-worker.js", typeof __filename === "string" ? pathToFileURL(__filename) : import.meta.url).href;

/**
 * A pool on this machine. Threads start with the first job, and see one copy of the data. With a limit, in seconds, the
 * thread of a cell that takes longer is ended, and another one takes its place: seconds from when a thread has it.
 *
 * @example gridPool(2, null).threads // 2
 */
export function gridPool(threads: number, module: string | null, limit = Number.POSITIVE_INFINITY): GridPool {
  let pool: Pool | undefined;
  const shared = new WeakMap<Tensor, Tensor>();
  return {
    threads,
    async run(job, data, signal) {
      pool ??= startPool(threads);
      let seen = shared.get(data);
      if (!seen) {
        seen = { shape: data.shape, data: shareArray(data.data) };
        shared.set(data, seen);
      }
      const watch = watchOf(limit, signal);
      try {
        const task: ThreadTask = { job, data: seen, module, begun: watch.begun };
        const row = pool.threads.run(task, watch.signal ? { signal: watch.signal } : {}) as Promise<GridRow>;
        return await Promise.race([row, pool.broken]);
      } catch (error) {
        if (watch.late()) return lostRow(job, `it took longer than ${limit} s, the limit of a cell`);
        return lostRow(job, `its thread ended: ${error instanceof Error ? error.message : String(error)}`);
      } finally {
        watch.end();
      }
    },
    async close() {
      const ending = pool;
      pool = undefined;
      await ending?.threads.destroy();
    },
  };
}

interface Pool {
  readonly threads: Tinypool;
  /** rejects when no thread is left, because none can load its script: pending jobs would never end */
  readonly broken: Promise<never>;
}

/** Starts all threads, or fails: a process may lack the permission or the memory to start them. */
function startPool(count: number): Pool {
  try {
    const threads = new Tinypool({
      filename: workerUrl(),
      minThreads: count,
      maxThreads: count,
      idleTimeout: 2_000_000_000,
      useAtomics: !("Deno" in globalThis), // there, a thread that waits by them may never see its job
      ...threadFlags(process.execArgv),
    });
    // a thread that ends between jobs, as by a timer that a candidate left, is replaced
    const broken = new Promise<never>((_, reject) => {
      threads.on("error", (error) => {
        if (threads.threads.length === 0) reject(error);
      });
    });
    broken.catch(() => {}); // each job reports it
    return { threads, broken };
  } catch (error) {
    return fail("threadExecutor", {
      expected: `${count} threads that start`,
      got: error instanceof Error ? error.message : String(error),
      fix: "Ask for fewer threads, or let the process start more (ulimit -u; --allow-worker of Node's permissions).",
    });
  }
}

/**
 * Threads start with the flags of the process. One is refused where a thread runs a file, and ends the process: the
 * kind of a program that is given as text, `node --input-type=module -e "…"`. Threads of such a program take no flags.
 */
const threadFlags = (flags: readonly string[] = []): { readonly execArgv?: string[] } =>
  flags.some((flag) => flag.startsWith("--input-type")) ? { execArgv: [] } : {};

/** Milliseconds between looks whether a thread has begun. */
const look = 20;

/** What ends a cell: its time, once a thread has begun it, or a signal from outside. */
function watchOf(limit: number, signal: AbortSignal | undefined) {
  const begun = new Int32Array(new SharedArrayBuffer(4));
  if (limit === Number.POSITIVE_INFINITY) return { begun, signal, late: () => false, end: () => {} };
  const control = new AbortController(),
    stop = () => control.abort();
  let late = false,
    timer = setTimeout(wait, look);
  function wait(): void {
    timer = Atomics.load(begun, 0) === 0 ? setTimeout(wait, look) : setTimeout(tooLate, 1000 * limit);
  }
  function tooLate(): void {
    late = true;
    stop();
  }
  if (signal?.aborted) stop();
  signal?.addEventListener("abort", stop, { once: true });
  return {
    begun,
    signal: control.signal,
    late: () => late,
    end() {
      clearTimeout(timer);
      signal?.removeEventListener("abort", stop);
    },
  };
}
