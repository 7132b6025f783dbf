import type { Matrix } from "../tensor";
import type { Constants } from "./constants";
import { standardNormal } from "./part";

/** Whitened parameters, and constants without a prior. */
export interface WhitenedParams {
  readonly z: Matrix;
  readonly m: Constants;
}

/** Minus the logarithm of the prior: z is standard normal, m may be anything. */
export function whitenedPrior({ z, m }: WhitenedParams): readonly [value: number, gradient: WhitenedParams] {
  const [value, gradient] = standardNormal({ z });
  return [value, { z: gradient.z, m: { ...m, data: new Float64Array(m.data.length) } }];
}
