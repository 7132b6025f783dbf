import type { Kernels, Precision } from "./kernel-set";
import { wasmBase64 } from "./wasm-module";
import { Workspace, type Memory } from "./workspace";

type Exports = Readonly<Record<string, (...numbers: number[]) => number>> & { readonly memory: Memory };
interface Instance {
  readonly exports: Exports;
  readonly workspace: Workspace;
}

let instance: Instance | null | undefined; // made on first use; null where the engine has no SIMD

/** The kernels in WebAssembly SIMD, compiled from `assembly/`; undefined where the engine does not take them. */
export function simdKernels(precision: Precision): Kernels | undefined {
  instance ??= instantiate() ?? null;
  if (!instance) return undefined;
  const { exports, workspace } = instance, bits = precision === "float32" ? 32 : 64;
  const of = (name: string) => exports[name + bits] as never;
  return {
    name: "WebAssembly SIMD", precision, lanes: 512 / bits, bytes: bits / 8, workspace,
    product: of("product"), outer: of("outer"), laneSums: of("laneSums"), activate: of("activate"), advance: of("advance"), adjointStep: of("adjointStep"),
    combine: of("combine"), multiply: of("multiply"), multiplyAdd: of("multiplyAdd"), squaredError: of("squaredError"), poisson: of("poisson"), pack: of("pack"), unpack: of("unpack"), interleave: of("interleave"), deinterleave: of("deinterleave"),
    contractRight: exports.contractRight as never, contractLeft: exports.contractLeft as never, complete: exports.complete as never,
  };
}

function instantiate(): Instance | undefined {
  const bytes = Uint8Array.from(atob(wasmBase64), (letter) => letter.charCodeAt(0));
  if (typeof WebAssembly === "undefined" || !WebAssembly.validate(bytes)) return undefined;
  const exports = new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports as unknown as Exports;
  return { exports, workspace: new Workspace(exports.memory) };
}
