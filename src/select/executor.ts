import { fail, isCallable, show } from "../base";
import type { Tensor } from "../tensor";
import type { Candidates } from "./candidate";
import type { GridJob } from "./grid-job";
import type { GridRow } from "./run-grid-job";

/** What an executor is given beside the jobs. */
export interface ExecutorContext {
  /** the data, under the names that jobs use */
  readonly data: Readonly<Record<string, Tensor>>;
  /** when it aborts: yield no more rows, and none of cells that were interrupted */
  readonly signal?: AbortSignal;
}

/**
 * Where the cells of a grid are computed. It takes jobs one by one, when it can run them, and yields a row for each as
 * it finishes, in any order.
 */
export interface Executor {
  run(jobs: Iterable<GridJob>, context: ExecutorContext): AsyncIterable<GridRow>;
  /** custom candidates, beside the library's */
  readonly candidates?: Candidates;
  /** names of custom candidates that its workers have */
  readonly models?: readonly string[];
}

/** Refuse what is not an executor. Classes, such as one that keeps a pool, are executors too. */
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

/** Results of jobs as they finish, at most `width` running at once. */
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
    for (const one of running.values()) one.catch(() => {}); // the error of an earlier one has been thrown already
  }
}
