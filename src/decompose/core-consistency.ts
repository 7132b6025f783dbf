import { fail } from "../base";
import { pseudoInverse } from "../linalg";
import { checkTensor, modeProduct, type Tensor } from "../tensor";
import { checkModelOf, weightsInLast, type Cp } from "./cp";

/**
 * Core consistency of a CP model, in percent: 100 where the best core for its factors is the superdiagonal one that CP assumes, near 0 or below where components
 * trade parts with each other, so there are too many.
 *
 * `100 (1 - ‖G - I‖² / rank)`, G = x times the pseudo-inverse of each factor, weights in the last.
 *
 * @throws {@link LtrnnError} when the model does not fit x, or a component is zero
 * @remarks O(modes · entries · rank).
 * @see Bro & Kiers (2003), A new efficient method for determining the number of components in PARAFAC models, J. Chemometrics 17
 * @example coreConsistency(tensor([2, 2], [2, 0, 0, 0]), { weights: tensor([1], [2]), factors: [tensor([2, 1], [1, 0]), tensor([2, 1], [1, 0])] }) // 100, up to rounding
 */
export function coreConsistency(x: Tensor, cp: Cp): number {
  checkTensor("coreConsistency", "x", x);
  const scaled = weightsInLast("coreConsistency", cp),
    { factors } = cp,
    rank = cp.weights.shape[0];
  checkModelOf("coreConsistency", x, cp);
  for (const f of scaled)
    for (let r = 0; r < rank; r++) {
      let zero = true;
      for (let i = 0; i < f.shape[0]; i++) zero &&= f.data[i * rank + r] === 0;
      if (zero)
        fail("coreConsistency", {
          expected: "components that are not zero",
          got: `component ${r} of zeros`,
          fix: "Take it out: the rank is lower.",
        });
    }
  const core = scaled.reduce((y, f, mode) => modeProduct(y, pseudoInverse(f), mode), x);
  const diagonal = Array.from({ length: factors.length }, (_, n) => rank ** n).reduce((sum, stride) => sum + stride, 0); // distance of (r, r, ...) from its successor
  let squares = 0;
  core.data.forEach((g, at) => (squares += (g - (at % diagonal === 0 ? 1 : 0)) ** 2));
  return 100 * (1 - squares / rank);
}
