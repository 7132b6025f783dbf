import { exp, log1p } from "../base";
import type { ActivationFunction } from "./activation-function";
import { oneMinusExp, softplus as value } from "./functions";

/** Rates below this count as this when a state is looked for that makes them. */
const withEase = 0.005;

/** log(1 + eˣ), whose derivative is 1 - exp(-h). */
export const softplus: ActivationFunction = {
  value,
  pull: (d, h) => d * oneMinusExp(h),
  range: [0, Infinity],
  inverse(h) {
    const reached = Math.max(withEase, h);
    return reached + log1p(-exp(-reached)); // log(expm1(reached)), which overflows from 710
  },
  odd: false,
  homogeneous: false,
};
