import type { Kernels, Precision } from "./kernel-set";
import { plainKernels } from "./plain";
import { simdKernels } from "./simd";

const made = new Map<Precision, Kernels>();

/** The fastest kernels this engine has: SIMD, or else the plain ones. `name` says which. */
export function kernelsFor(precision: Precision): Kernels {
  let kernels = made.get(precision);
  if (!kernels) made.set(precision, (kernels = simdKernels(precision) ?? plainKernels(precision)));
  return kernels;
}
