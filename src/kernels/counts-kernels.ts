import { contractionKernels } from "./contraction-kernels";
import { countsModule } from "./counts-module";
import type { CountsKernels } from "./counts-set";
import { plainCounts } from "./plain-counts";
import { compileModule, instantiate } from "./wasm";

let shared: CountsKernels | undefined;

/** The fastest kernels of counts that this engine has. */
export const countsKernels = (): CountsKernels =>
  (shared ??= simdCounts() ?? plainCounts(contractionKernels().workspace));

/** The kernels in SIMD; undefined where the engine does not take them. */
export function simdCounts(): CountsKernels | undefined {
  const compiled = compileModule(countsModule);
  if (!compiled) return undefined;
  const { exports, workspace } = instantiate(compiled, contractionKernels().workspace);
  return { workspace, ...(exports as object as Omit<CountsKernels, "workspace">) };
}
