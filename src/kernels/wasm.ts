import { Workspace, type Memory } from "./workspace";

/** A module that runs, with a memory of its own. */
export interface Instance {
  readonly exports: Readonly<Record<string, (...numbers: number[]) => number>> & { readonly memory: Memory };
  readonly workspace: Workspace;
}

/**
 * A module from its bytes in base64; null where the engine has no SIMD, or the page's policy forbids WebAssembly.
 */
export function compileModule(base64: string): WebAssembly.Module | null {
  if (typeof WebAssembly === "undefined") return null;
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  if (!WebAssembly.validate(bytes)) return null;
  try {
    return new WebAssembly.Module(bytes);
  } catch {
    return null; // valid, but a content-security policy without 'wasm-unsafe-eval' forbids it
  }
}

export function instantiate(module: WebAssembly.Module): Instance {
  const exports = new WebAssembly.Instance(module).exports as unknown as Instance["exports"];
  return { exports, workspace: new Workspace(exports.memory) };
}
