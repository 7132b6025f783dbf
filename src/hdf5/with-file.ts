import type { File } from "h5wasm";
import { fail, LtrnnError } from "../base";
import { checkBytes } from "../data";
import { hasEndlessHeap } from "./global-heaps";

import { instanceOf, leaveBroken, whyBroken, type H5 } from "./instance";

export type { H5 };

/** Files are in a file system of the package's own, in memory; each read has a name of its own there. */
let reads = 0;

const signature = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];

/** HDF5 looks for its signature at 0, 512, 1024, 2048 and so on. */
function hasSignature(bytes: Uint8Array): boolean {
  for (let at = 0; at + 8 <= bytes.length; at = at === 0 ? 512 : 2 * at)
    if (signature.every((byte, i) => bytes[at + i] === byte)) return true;
  return false;
}

/** Opens an HDF5 file, hands it to `visit`, and closes it whatever happens. */
export async function withFile<T>(where: string, bytes: Uint8Array, visit: (file: File, h5wasm: H5) => T): Promise<T> {
  checkBytes(where, bytes);
  if (!hasSignature(bytes))
    fail(where, {
      expected: "an HDF5 file",
      got: bytes.length === 0 ? "no bytes" : "bytes without its signature",
      fix: "Pass the whole file. MATLAB files before 7.3 are read by readMat of ltrnn.",
    });
  if (hasEndlessHeap(bytes))
    fail(where, {
      expected: "an HDF5 file that is whole",
      got: "a heap of texts whose sizes contradict each other",
      fix: "The file is damaged: copy or save it again.",
    });
  const h5wasm = await instanceOf(where),
    name = `read-${reads++}.h5`;
  if (!h5wasm.FS) return fail(where, { expected: "h5wasm with a file system", got: "none", fix: "Update h5wasm." });
  h5wasm.FS.writeFile(name, bytes);
  let file: File | undefined;
  try {
    file = new h5wasm.File(name, "r");
    if (file.file_id < 0) throw new Error("a file that cannot be opened");
    return visit(file, h5wasm);
  } catch (error) {
    if (error instanceof LtrnnError) throw error;
    const earlier = whyBroken(h5wasm),
      got = reasonOf(error);
    if (error instanceof WebAssembly.RuntimeError || /memory/.test(got)) leaveBroken(h5wasm, got);
    return fail(where, {
      expected: "an HDF5 file that is whole",
      got,
      fix: earlier
        ? `The file may be damaged; or one read before broke the memory of h5wasm (${earlier}): read in a new process.`
        : "The file is cut short or damaged: copy or save it again.",
    });
  } finally {
    try {
      file?.close();
    } catch {
      // a damaged file may not close; its memory is freed below
    }
    h5wasm.FS.unlink(name);
  }
}

/** The innermost reason of HDF5's own report, which lists calls from the outside in. */
function reasonOf(error: unknown): string {
  const text = String(error instanceof Error ? error.message : error),
    reasons = [...text.matchAll(/#\d+: .*?\): (.*)/g)];
  return (reasons.at(-1)?.[1] ?? text.split("\n")[0]).slice(0, 200);
}
