import type { ActivationFunction } from "./activation-function";

/** x itself: a linear network. */
export const identity: ActivationFunction = {
  value: (x) => x,
  pull: (d) => d,
  range: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
  inverse: (h) => h,
  odd: true,
  homogeneous: true,
};
