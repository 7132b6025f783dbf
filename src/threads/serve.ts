import { toPlain, type Answer } from "./message";
import { nodeThreads } from "./worker";

/** An answer, and the buffers in it that go over without a copy. */
export interface Served {
  readonly value: unknown;
  readonly transfer: readonly ArrayBufferLike[];
}

interface Port {
  postMessage(answer: Answer, transfer: readonly unknown[]): void;
}

/** Answer every request that this worker gets, or send the error. */
export function serve(answer: (request: unknown) => Served): void {
  const parent = nodeThreads()?.parentPort,
    page = globalThis as unknown as Port & { onmessage: (event: { readonly data: unknown }) => void },
    port = (parent as unknown as Port | null | undefined) ?? page;
  const reply = (request: unknown) => {
    try {
      const { value, transfer } = answer(request);
      port.postMessage({ value }, transfer);
    } catch (error) {
      port.postMessage({ error: toPlain(error) }, []);
    }
  };
  // Not `onmessage` in Node: its events load much that a worker without WebAssembly does not have.
  if (parent) parent.on("message", reply);
  else page.onmessage = ({ data }) => reply(data);
}
