import { contractionKernels } from "./contraction-kernels";
import { countsModule } from "./counts-module";
import { plainCountsLoss } from "./plain-counts-loss";
import { compileModule, instantiate } from "./wasm";
import type { Workspace } from "./workspace";

/** The loop of gradients of counts, on addresses of the {@link Workspace} of the contractions. */
export interface CountsKernels {
  readonly workspace: Workspace;
  /**
   * The Poisson loss of `count` entries: y holds their model m, and becomes `1 - x / (m + 1e-10)`; entries with x below
   * 0 are missing, and theirs becomes 0. Every x is a whole number. The place after the last x is written.
   *
   * @param sums - becomes six numbers: sums of m, and mantissas and exponents of `prod (m + 1e-10)^x`, each in two
   * lanes
   * @param rest - becomes pairs of x and m + 1e-10 that the product leaves out
   * @returns how many pairs; -1, and y stays as it is, where an m is so far from 1 that powers leave the range of
   * doubles
   */
  countsLoss(y: number, x: number, count: number, sums: number, rest: number): number;
}

let shared: CountsKernels | undefined;

/** The fastest kernels of counts that this engine has. */
export const countsKernels = (): CountsKernels => (shared ??= simdCounts() ?? plainCounts());

/** The kernels in SIMD; undefined where the engine does not take them. */
export function simdCounts(): CountsKernels | undefined {
  const compiled = compileModule(countsModule);
  if (!compiled) return undefined;
  const { exports, workspace } = instantiate(compiled, contractionKernels().workspace);
  return { workspace, countsLoss: exports.countsLoss as never };
}

/** The same in plain TypeScript. */
export function plainCounts(): CountsKernels {
  const { workspace } = contractionKernels();
  return {
    workspace,
    countsLoss: (y, x, count, sums, rest) => plainCountsLoss(workspace.f64, y / 8, x / 8, count, sums / 8, rest / 8),
  };
}
