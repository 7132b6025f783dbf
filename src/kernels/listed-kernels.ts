import { contractionKernels } from "./contraction-kernels";
import { listedModule } from "./listed-module";
import { compileModule, instantiate } from "./wasm";
import type { Workspace } from "./workspace";

/** The loop over listed entries of a sparse tensor, on addresses of the {@link Workspace} of the contractions. */
export interface ListedKernels {
  readonly workspace: Workspace;
  /**
   * `out[i] += value b[j] * c[k]`, rows of so many columns, over `count` entries: three indices of 32 bits each, of
   * which i, j and k are so many bytes from the first.
   */
  listedProducts(
    out: number,
    b: number,
    c: number,
    coordinates: number,
    values: number,
    count: number,
    i: number,
    j: number,
    k: number,
    rank: number,
  ): void;
}

let shared: ListedKernels | undefined;

/** The fastest kernels of listed entries that this engine has. */
export const listedKernels = (): ListedKernels => (shared ??= simdListed() ?? plainListed());

/** The kernels in SIMD; undefined where the engine does not take them. */
export function simdListed(): ListedKernels | undefined {
  const compiled = compileModule(listedModule);
  if (!compiled) return undefined;
  const { exports, workspace } = instantiate(compiled, contractionKernels().workspace);
  return { workspace, listedProducts: exports.listedProducts as never };
}

/** The same in plain TypeScript. */
export function plainListed(): ListedKernels {
  const { workspace } = contractionKernels();
  return {
    workspace,
    listedProducts(out, b, c, coordinates, values, count, i, j, k, rank) {
      const m = workspace.f64,
        indices = new Int32Array(m.buffer, coordinates, 3 * count),
        row = (from: number, index: number) => from / 8 + indices[index] * rank;
      for (let entry = 0, at = 0; entry < count; entry++, at += 3) {
        const [to, p, q] = [row(out, at + i / 4), row(b, at + j / 4), row(c, at + k / 4)];
        for (let r = 0; r < rank; r++) m[to + r] += m[values / 8 + entry] * m[p + r] * m[q + r];
      }
    },
  };
}
