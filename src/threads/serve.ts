import { toPlain, type Answer } from "./message";
import { nodeThreads } from "./worker";

/** An answer, and the buffers in it that go over without a copy. */
export interface Served {
  readonly value: unknown;
  readonly transfer: readonly ArrayBufferLike[];
}

interface Port {
  onmessage: ((event: { data: unknown }) => void) | null;
  postMessage(answer: Answer, transfer: readonly unknown[]): void;
}

/** A worker's life: answer every request, or say what went wrong with it. */
export function serve(answer: (request: unknown) => Served): void {
  const port = (nodeThreads()?.parentPort ?? globalThis) as unknown as Port;
  port.onmessage = ({ data }) => {
    try {
      const { value, transfer } = answer(data);
      port.postMessage({ value }, transfer);
    } catch (error) {
      port.postMessage({ error: toPlain(error) }, []);
    }
  };
}
