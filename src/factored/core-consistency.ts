import { fail, pow, readOptions, type FieldsOf } from "../base";
import { pseudoInverse } from "../linalg";
import { checkMask, largestOf, modeProduct, type Matrix, type Tensor } from "../tensor";
import { unitForm } from "./canonical";
import { checkCp, checkModelOf, cpToTensor, type Cp } from "./cp";
import { inUnit } from "./in-unit";
import { rescaled, timesPowerOfTwo, unitOf } from "./units";

export interface CoreConsistencyOptions {
  /**
   * whether `‖G - I‖²` is relative to `‖G‖²`, as in the N-way toolbox, in place of the rank: then it is seldom below 0,
   * and near 100 both agree. Default false
   */
  readonly normalized?: boolean;
}

const fields = {
  normalized: { is: "boolean", fallback: false },
} as const satisfies FieldsOf<CoreConsistencyOptions>;

/**
 * Core consistency of a CP model, in percent: 100 where the best core for its factors is the superdiagonal one that CP
 * assumes, near 0 or below where components interact: there are too many of them.
 *
 * `100 (1 - ‖G - I‖² / rank)`, G = x times the pseudo-inverse of each factor, weights in the last.
 *
 * @param mask - (as x) 1 observed, 0 missing: missing entries are taken from the model, so that G - I comes from the
 * residual of the observed ones alone. A core fitted to those alone would need rank^modes unknowns. What is missing
 * agrees with the model by construction, so with much missing the answer leans towards 100: compare ranks under one
 * mask.
 * @throws {@link LtrnnError} when the model does not fit x or is far from its unit, an observed entry is not finite,
 * none is observed, or a component is zero
 * @remarks O(modes · entries · rank); with a mask the memory of x once more.
 * @see Bro & Kiers (2003), A new efficient method for determining the number of components in PARAFAC models, J.
 * Chemometrics 17
 * @example coreConsistency(tensor([2, 2], [2, 0, 0, 0]), { weights: tensor([1], [2]), factors: [tensor([2, 1], [1,
 * 0]), tensor([2, 1], [1, 0])] }) // 100, up to rounding
 */
export function coreConsistency(x: Tensor, cp: Cp, mask?: Tensor, options: CoreConsistencyOptions = {}): number {
  const { normalized } = readOptions<CoreConsistencyOptions, typeof fields>("coreConsistency", options, fields);
  checkCp("coreConsistency", cp);
  checkModelOf("coreConsistency", x, cp);
  if (mask !== undefined) checkMask("coreConsistency", "mask", mask, x.shape, "x");
  if (mask?.data.every((m) => m === 0))
    fail("coreConsistency", {
      expected: "an observed entry",
      got: "a mask of zeros",
      fix: "Pass 1 in the mask where x is observed.",
    });
  const { x: inside, unit } = inUnit("coreConsistency", x, mask),
    rank = cp.weights.shape[0];
  const { factors, exponent } = factorsInUnit(cp);
  for (const f of factors)
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
  const whole = mask ? completed(inside, cp, unit, mask) : inside,
    core = factors.reduce((y, f, mode) => modeProduct(y, pseudoInverse(f), mode), whole);
  const diagonal = Array.from({ length: factors.length }, (_, n) => pow(rank, n)).reduce(
    (sum, stride) => sum + stride,
    0,
  ); // distance of (r, r, ...) from its successor
  let squares = 0,
    size = 0;
  core.data.forEach((entry, i) => {
    const g = timesPowerOfTwo(entry, unit - exponent),
      difference = g - (i % diagonal === 0 ? 1 : 0);
    squares += difference * difference;
    size += g * g;
  });
  if (normalized && size === 0)
    fail("coreConsistency", {
      expected: "x with a part in the span of the factors",
      got: "a core of zeros, which cannot be normalized",
      fix: "Leave normalized out, or pass the model of this tensor.",
    });
  const percent = 100 * (1 - squares / (normalized ? size : rank));
  if (!Number.isFinite(percent))
    fail("coreConsistency", {
      expected: "a model of the size of x",
      got: "one so much smaller that the core leaves the range of doubles",
      fix: "Pass the model of this tensor, in the unit of this tensor.",
    });
  return percent;
}

/** The data, in their unit, with the model's entries where they are missing. */
function completed(x: Tensor, cp: Cp, unit: number, mask: Tensor): Tensor {
  const model = cpToTensor(unitForm("coreConsistency", cp, [], new Array<number>(cp.weights.shape[0]).fill(-unit)));
  return { shape: x.shape, data: model.data.map((value, i) => (mask.data[i] === 0 ? value : x.data[i])) };
}

/**
 * The factors, weights in the last, each times a power of two where it is extremely large or small; `2^exponent` times
 * them is the model.
 */
function factorsInUnit({ weights, factors }: Cp): { readonly factors: readonly Matrix[]; readonly exponent: number } {
  const rank = weights.shape[0],
    ofWeights = unitOf(largestOf(weights.data)),
    units = factors.map((f) => unitOf(largestOf(f.data)));
  const inside = factors.map((f, mode) => rescaled(f, -units[mode])),
    last = inside[inside.length - 1],
    relative = rescaled(weights, -ofWeights).data;
  inside[inside.length - 1] = { shape: last.shape, data: last.data.map((value, i) => value * relative[i % rank]) };
  return { factors: inside, exponent: units.reduce((sum, unit) => sum + unit, ofWeights) };
}
