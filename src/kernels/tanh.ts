import { atanh } from "../base";
import type { ActivationFunction } from "./activation-function";
import { tanh as value } from "./functions";

/** Rates beyond this count as this when a state is looked for that makes them. */
const withEase = 0.995;

/** The hyperbolic tangent, whose derivative is 1 - h². */
export const tanh: ActivationFunction = {
  value,
  pull: (d, h) => d - d * (h * h),
  range: [-1, 1],
  inverse: (h) => atanh(Math.min(withEase, Math.max(-withEase, h))),
  odd: true,
  homogeneous: false,
};
