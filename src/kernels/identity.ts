import type { ActivationFunction } from "./activation-function";

/** x itself: a linear network. */
export const identity: ActivationFunction = {
  value: (x) => x,
  pull: (d) => d,
  range: [-Infinity, Infinity],
  inverse: (h) => h,
  odd: true,
  homogeneous: true,
};
