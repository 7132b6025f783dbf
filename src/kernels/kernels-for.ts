import type { Kernels, Precision } from "./kernel-set";
import { plainKernels } from "./plain";
import { simdKernels } from "./simd";

const sets = new Map<Precision, Kernels>();

/** The fastest kernels this engine has: SIMD, or else the plain ones. `name` says which. */
export function kernelsFor(precision: Precision): Kernels {
  const earlier = sets.get(precision);
  if (earlier) return earlier;
  const kernels = simdKernels(precision) ?? plainKernels(precision);
  sets.set(precision, kernels);
  return kernels;
}
