import { compiledActivations } from "./activations";
import type { CustomActivation } from "./custom-activation";
import type { Kernels, Precision } from "./kernel-set";
import { plainKernels } from "./plain";
import { networkModule } from "./network-module";
import { compileModule, instantiate, type Instance } from "./wasm";

// Both are made on first use. The module is null where the engine has no SIMD, or the page's policy forbids
// WebAssembly.
let compiled: WebAssembly.Module | null | undefined, instance: Instance | undefined;

/** Whether the SIMD kernels compute this activation. */
const isCompiled = (phi: number | CustomActivation): phi is number =>
  typeof phi === "number" && phi < compiledActivations;

/** The compiled kernels of networks, which other threads can adopt; null where the engine does not take it. */
export function kernelModule(): WebAssembly.Module | null {
  if (compiled === undefined) compiled = compileModule(networkModule);
  return compiled;
}

/** Use the module that another thread has compiled; null: the engine does not take it. */
export function adoptKernelModule(module: WebAssembly.Module | null): void {
  compiled = module;
}

/**
 * The kernels of networks in WebAssembly SIMD, compiled from `assembly/`; undefined where the engine does not take
 * them.
 */
export function simdKernels(precision: Precision): Kernels | undefined {
  const module = kernelModule();
  if (!module) return undefined;
  instance ??= instantiate(module);
  const { exports, workspace } = instance,
    bits = precision === "float32" ? 32 : 64,
    plain = plainKernels(precision, workspace);
  const of = (name: string) => exports[name + bits] as never;
  const activate: Kernels["activate"] = of("activate"),
    advance: Kernels["advance"] = of("advance"),
    adjointStep: Kernels["adjointStep"] = of("adjointStep");
  return {
    name: "WebAssembly SIMD",
    precision,
    lanes: 512 / bits,
    bytes: bits / 8,
    workspace,
    product: of("product"),
    outer: of("outer"),
    laneSums: of("laneSums"),
    activate(h, x, rows, phi) {
      if (isCompiled(phi)) activate(h, x, rows, phi);
      else plain.activate(h, x, rows, phi);
    },
    advance(xNext, hNext, x, drive, rows, alpha, phi) {
      if (isCompiled(phi)) advance(xNext, hNext, x, drive, rows, alpha, phi);
      else plain.advance(xNext, hNext, x, drive, rows, alpha, phi);
    },
    adjointStep(g, carry, dRates, dRead, h, rows, alpha, readsRates, phi) {
      if (isCompiled(phi)) adjointStep(g, carry, dRates, dRead, h, rows, alpha, readsRates, phi);
      else plain.adjointStep(g, carry, dRates, dRead, h, rows, alpha, readsRates, phi);
    },
    combine: of("combine"),
    multiply: of("multiply"),
    multiplyAdd: of("multiplyAdd"),
    squaredError: of("squaredError"),
    countLoss: of("countLoss"),
    countInnovation: of("countInnovation"),
    penalize: of("penalize"),
    pack: of("pack"),
    unpack: of("unpack"),
    interleave: of("interleave"),
    deinterleave: of("deinterleave"),
  };
}
