import { checkWhole, fail } from "../base";
import { fromPlain, type Answer } from "./message";
import { startWorker } from "./worker";

/** Threads that compute together: the caller's own, number 0, and workers 1 .. threads - 1. */
export interface Pool {
  readonly threads: number;
  /** What a worker answers. Requests to one worker wait in line. Rejects with the error that it met, or why it is gone. */
  ask<T>(worker: number, request: unknown): Promise<T>;
  /** End the workers. What they still owe is rejected. */
  close(): Promise<void>;
}

/**
 * Start workers on the same code, whose `serve` answers, and wait until each has answered a first request.
 *
 * @throws {@link LtrnnError} where the engine has no shared memory, or threads is not a whole number from 1
 * @remarks A worker takes about 30 ms to start. In Node a pool that nothing is asked of keeps no process alive.
 */
export async function openPool(where: string, threads: number, code: string, first: unknown): Promise<Pool> {
  checkWhole(where, "threads", threads, 1, 1024);
  if (threads > 1 && (typeof SharedArrayBuffer === "undefined" || globalThis.crossOriginIsolated === false))
    fail(where, {
      expected: "an engine with shared memory for threads",
      got: "none",
      fix: "Serve the page with Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp, or leave threads away.",
    });
  const crew = Array.from({ length: threads - 1 }, () => crewMember(where, code));
  const pool: Pool = {
    threads,
    ask: <T>(worker: number, request: unknown) => crew[worker - 1].ask(request) as Promise<T>,
    close: async () => void (await Promise.all(crew.map((member) => member.end()))),
  };
  try {
    await Promise.all(crew.map((member) => member.ask(first)));
  } catch (error) {
    await pool.close();
    throw error;
  }
  return pool;
}

/** A worker, and the answers it owes, first asked first. */
function crewMember(where: string, code: string) {
  const owed: { resolve(value: unknown): void; reject(why: Error): void }[] = [];
  let gone: Error | undefined;
  const lost = (why: string) => {
    gone ??= new Error(`A worker thread is gone: ${why}. Its memory may have run out: use fewer threads, or none.`);
    for (const { reject } of owed.splice(0)) reject(gone);
  };
  const heard = (answer: Answer) => {
    const { resolve, reject } = owed.shift()!;
    if (owed.length === 0) worker.hold(false);
    if ("value" in answer) resolve(answer.value);
    else reject(fromPlain(answer.error));
  };
  const worker = startWorker(where, code, heard, lost);
  return {
    ask: (request: unknown) =>
      new Promise((resolve, reject) => {
        if (gone) return reject(gone);
        owed.push({ resolve, reject });
        worker.hold(true);
        worker.post(request);
      }),
    end() {
      lost("the pool was closed");
      return worker.end();
    },
  };
}
