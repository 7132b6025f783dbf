import { LtrnnError } from "../base";
import { fromPlain, type Answer } from "./message";
import { startWorker, type Worker } from "./worker";

/** A worker of a pool. */
export interface Member {
  ask(request: unknown): Promise<unknown>;
  end(): Promise<void>;
}

interface Pending {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/** How long a worker may go on with its request once the signal was aborted, in milliseconds. */
const patience = 2000;

/** Start a worker, and keep the line of its requests. */
export function startMember(where: string, code: string, signal: AbortSignal | undefined): Member {
  const pending: Pending[] = []; // oldest first
  let lost: Error | undefined, // the error that ended the worker
    worker: Worker | undefined,
    timer: ReturnType<typeof setTimeout> | undefined;
  const lose = (reason: string, fix = "Its memory may have run out: use fewer threads, or none.") => {
    lost ??= new LtrnnError(where, { expected: "worker threads that answer", got: `one that did not: ${reason}`, fix });
    for (const { reject } of pending.splice(0)) reject(lost);
    stopWaiting();
  };
  const end = async () => {
    lose("the pool was closed", "Ask before you close it.");
    await worker?.end();
  };
  const giveUp = () => {
    timer = setTimeout(() => {
      lose(`no answer ${patience / 1000} s after the signal was aborted`, "Start again: the run was stopped.");
      void worker?.end();
    }, patience);
  };
  const stopWaiting = () => {
    clearTimeout(timer);
    signal?.removeEventListener("abort", giveUp);
  };
  const hear = (answer: Answer) => {
    const oldest = pending.shift();
    if (pending.length === 0) {
      worker?.hold(false);
      stopWaiting();
    }
    if ("value" in answer) oldest?.resolve(answer.value);
    else oldest?.reject(fromPlain(answer.error));
  };
  worker = startWorker(where, code, hear, lose);
  return {
    ask: (request) =>
      new Promise((resolve, reject) => {
        if (lost) return reject(lost);
        if (pending.length === 0) {
          if (signal?.aborted) giveUp();
          else signal?.addEventListener("abort", giveUp);
        }
        pending.push({ resolve, reject });
        worker.hold(true);
        worker.post(request);
      }),
    end,
  };
}
