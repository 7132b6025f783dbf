import { fail } from "../base";
import type { Answer } from "./message";
import { trustedScriptUrl } from "./trusted";

/** One worker thread, of Node or of a browser. */
export interface Worker {
  post(request: unknown): void;
  end(): unknown;
  /** whether the process waits for it; a browser's page never does */
  hold(yes: boolean): void;
}

/** Node's module of threads; undefined in a browser. Asked for at run time, so that no bundler looks for it. */
export const nodeThreads = () =>
  typeof process === "undefined" ? undefined : process.getBuiltinModule?.("node:worker_threads");

/** Start a worker on a script. `hear` gets its answers, `lose` the reason why it ended. */
export function startWorker(
  where: string,
  code: string,
  hear: (answer: Answer) => void,
  lose: (reason: string) => void,
): Worker {
  const node = nodeThreads();
  if (node) {
    const worker = new node.Worker(code, { eval: true });
    worker.on("message", hear);
    worker.on("error", (error) => lose(String(error)));
    worker.on("exit", (status) => lose(`it ended with status ${status}`));
    worker.unref();
    return {
      post: (request) => worker.postMessage(request),
      end: () => worker.terminate(),
      hold: (yes) => (yes ? worker.ref() : worker.unref()),
    };
  }
  const url = URL.createObjectURL(new Blob([code], { type: "text/javascript" })),
    worker = browserWorker(where, url);
  worker.onmessage = ({ data }) => {
    URL.revokeObjectURL(url); // it has begun
    hear(data as Answer);
  };
  worker.onerror = (event) =>
    lose(event.message || "the page's policy may not allow workers: let it say worker-src blob:");
  return { post: (request) => worker.postMessage(request), end: () => worker.terminate(), hold: () => {} };
}

/** A worker of a page, or an error that says what the page's policy lacks. */
function browserWorker(where: string, url: string): globalThis.Worker {
  try {
    return new globalThis.Worker(trustedScriptUrl(url));
  } catch (error) {
    URL.revokeObjectURL(url);
    return fail(where, {
      expected: "a page that lets threads start from a script of this library",
      got: `the browser's refusal: ${error instanceof Error ? error.message : error}`,
      fix:
        "Where the Content-Security-Policy requires Trusted Types, let it say " +
        "trusted-types ltrnn; let it say worker-src blob: too.",
    });
  }
}
