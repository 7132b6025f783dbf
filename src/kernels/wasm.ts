import { Workspace, type Memory } from "./workspace";

/** A module that runs, with a memory of its own. */
export interface Instance {
  readonly exports: Readonly<Record<string, (...numbers: number[]) => number>> & { readonly memory: Memory };
  readonly workspace: Workspace;
}

/**
 * A module from its bytes in hexadecimal; null where the engine has no SIMD, or the page's policy forbids WebAssembly.
 */
export function compileModule(hex: string): WebAssembly.Module | null {
  if (typeof WebAssembly === "undefined") return null;
  const bytes = Uint8Array.from({ length: hex.length / 2 }, (_, i) => parseInt(hex.slice(2 * i, 2 * i + 2), 16));
  if (!WebAssembly.validate(bytes)) return null;
  try {
    return new WebAssembly.Module(bytes);
  } catch {
    return null; // valid, but a content-security policy without 'wasm-unsafe-eval' forbids it
  }
}

/** An instance with a memory of its own, or with that of `host`, whose module imports it. */
export function instantiate(module: WebAssembly.Module, host?: Workspace): Instance {
  const imports: WebAssembly.Imports = host ? { env: { memory: host.memory as WebAssembly.Memory } } : {},
    exports = new WebAssembly.Instance(module, imports).exports as unknown as Instance["exports"];
  return { exports, workspace: host ?? new Workspace(exports.memory) };
}
