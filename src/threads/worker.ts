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

/** Start a worker on code of its own. `heard` gets its answers, `lost` why it is there no more. */
export function startWorker(
  where: string,
  code: string,
  heard: (answer: Answer) => void,
  lost: (why: string) => void,
): Worker {
  const node = nodeThreads();
  if (node) {
    const worker = new node.Worker(code, { eval: true });
    worker.on("message", heard);
    worker.on("error", (error) => lost(String(error)));
    worker.on("exit", (status) => lost(`it ended with status ${status}`));
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
    heard(data as Answer);
  };
  worker.onerror = (event) =>
    lost(event.message || "the page's policy may not allow workers: let it say worker-src blob:");
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
      fix: "Where the Content-Security-Policy requires Trusted Types, let it say trusted-types ltrnn; let it say worker-src blob: too.",
    });
  }
}
