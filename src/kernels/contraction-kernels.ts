import { contractionModule } from "./contraction-module";
import type { ContractionKernels } from "./contraction-set";
import { plainContractions } from "./plain-contract";
import { compileModule, instantiate } from "./wasm";
import { PlainMemory, Workspace } from "./workspace";

let shared: ContractionKernels | undefined;

/** The fastest kernels of contractions that this engine has. */
export const contractionKernels = (): ContractionKernels =>
  (shared ??= simdContractions() ?? plainContractions(new Workspace(new PlainMemory())));

/** The kernels in SIMD; undefined where the engine does not take them. */
export function simdContractions(): ContractionKernels | undefined {
  const compiled = compileModule(contractionModule);
  if (!compiled) return undefined;
  const { exports, workspace } = instantiate(compiled);
  return { name: "WebAssembly SIMD", workspace, ...(exports as object as ExportedContractions) };
}

type ExportedContractions = Omit<ContractionKernels, "name" | "workspace">;
