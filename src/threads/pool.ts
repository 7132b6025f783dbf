import { checkWhole, fail } from "../base";
import { startMember, type Member } from "./member";

/** Threads that compute together: the caller's, number 0, and workers 1 .. threads - 1. */
export interface Pool {
  /** how many may work at once */
  readonly threads: number;
  /**
   * The answer of a worker, which is started when it is first asked. Requests to one worker wait in line. Rejects with
   * the error that the worker met, or that ended it; and a while after the pool's signal was aborted.
   */
  ask<T>(worker: number, request: unknown): Promise<T>;
  /** End the workers. Pending requests are rejected. */
  close(): Promise<void>;
}

/** How a pool is opened. */
export interface PoolOptions {
  /** the public function that errors are said to come from */
  readonly where: string;
  readonly threads: number;
  /** what workers run: a script whose `serve` answers */
  readonly code: string;
  /** what every worker is sent first; its answer is not waited for */
  readonly greeting: unknown;
  /** once aborted, a worker that does not answer is given up; default none */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Ends the workers of a pool that was dropped without `close`: a generator that is not run to its end runs no
 * finally.
 */
let dropped: FinalizationRegistry<Map<number, Member>> | undefined;

/**
 * Threads on the same code. No worker is started before it is asked, so no more start than there is work for.
 *
 * @throws {@link LtrnnError} where the engine has no shared memory, or threads is not a whole number from 1
 * @remarks A worker takes about 30 ms to start. In Node a pool that nothing is asked of keeps no process alive.
 */
export function openPool(options: PoolOptions): Pool {
  const { where, threads } = options;
  checkWhole(where, "threads", threads, 1, 1024);
  if (threads > 1 && (typeof SharedArrayBuffer === "undefined" || globalThis.crossOriginIsolated === false))
    fail(where, {
      expected: "an engine with shared memory for threads",
      got: "none",
      fix:
        "Serve the page with Cross-Origin-Opener-Policy: same-origin and " +
        "Cross-Origin-Embedder-Policy: require-corp, or leave threads out.",
    });
  const members = new Map<number, Member>(),
    pool = poolOf(options, members);
  dropped ??= new FinalizationRegistry((orphans) => void endAll(orphans));
  dropped.register(pool, members, pool);
  return pool;
}

/** The members must not refer to the pool, or it would never be seen as dropped. */
function poolOf({ where, threads, code, greeting, signal }: PoolOptions, members: Map<number, Member>): Pool {
  return {
    threads,
    async ask<T>(worker: number, request: unknown): Promise<T> {
      let member = members.get(worker);
      if (!member) {
        member = startMember(where, code, signal);
        members.set(worker, member);
        member.ask(greeting).catch(() => {}); // what went wrong, the request will meet too
      }
      return (await member.ask(request)) as T;
    },
    async close() {
      dropped?.unregister(this);
      await endAll(members);
    },
  };
}

async function endAll(members: Map<number, Member>): Promise<void> {
  const ending = [...members.values()].map((member) => member.end());
  members.clear();
  await Promise.all(ending);
}
