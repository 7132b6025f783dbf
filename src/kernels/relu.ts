import type { ActivationFunction } from "./activation-function";

/** max(x, 0), whose derivative is 1 above 0, and 0 at the kink and below. */
export const relu: ActivationFunction = {
  value: (x) => (x > 0 ? x : x <= 0 ? 0 : NaN),
  pull: (d, h) => (h > 0 ? d : 0),
  range: [0, Infinity],
  inverse: (h) => h,
  odd: false,
  homogeneous: true,
};
