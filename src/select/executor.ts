import { fail, isCallable, show } from "../base";
import type { Tensor } from "../tensor";
import type { Candidates } from "./candidate";
import type { GridJob } from "./grid-job";
import type { GridRow } from "./run-grid-job";

/** What an executor is told beside the jobs. */
export interface ExecutorContext {
  /** the data that jobs name */
  readonly data: Readonly<Record<string, Tensor>>;
  /** stop: give no more rows, and none of what was cut short */
  readonly signal?: AbortSignal;
}

/**
 * Where the cells of a grid are computed. It takes jobs one by one, as it can run them, and gives a row of each, in any
 * order, as they finish.
 */
export interface Executor {
  run(jobs: Iterable<GridJob>, context: ExecutorContext): AsyncIterable<GridRow>;
  /** candidates that it has beside the library's */
  readonly candidates?: Candidates;
  /** names of candidates that its workers have beside the library's */
  readonly models?: readonly string[];
}

/** Refuse what is no executor. Classes, such as one that keeps a pool, are executors too. */
export function checkExecutor(where: string, name: string, value: unknown): void {
  let run: unknown;
  try {
    run = (value as Executor | null)?.run;
  } catch {
    // refused below
  }
  if (typeof value !== "object" || !isCallable(run))
    fail(where, {
      expected: `${name} to be an executor { run(jobs, context) }`,
      got: show(value),
      fix: "Pass what inProcess, threadExecutor of ltrnn/node or bullmqExecutor of ltrnn/bullmq gives.",
    });
}

/** Results of at most `width` jobs at once, as they finish. Jobs are taken as there is room for them. */
export async function* asTheyFinish<J, R>(
  jobs: Iterable<J>,
  width: number,
  work: (job: J) => Promise<R>,
  signal?: AbortSignal,
): AsyncGenerator<R> {
  const waiting = jobs[Symbol.iterator](),
    running = new Map<number, Promise<readonly [number, R]>>();
  let next = 0;
  const begin = () => {
    while (running.size < width && !signal?.aborted) {
      const { value, done } = waiting.next();
      if (done) return;
      const key = next++;
      running.set(
        key,
        work(value).then((result) => [key, result] as const),
      );
    }
  };
  try {
    for (begin(); running.size > 0; begin()) {
      const [key, result] = await Promise.race(running.values());
      running.delete(key);
      yield result;
    }
  } finally {
    waiting.return?.();
    for (const one of running.values()) one.catch(() => {}); // an earlier one has thrown already
  }
}
