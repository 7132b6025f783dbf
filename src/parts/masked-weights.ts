import { fail, readOptions, type FieldsOf } from "../base";
import { indexOf, type Matrix } from "../tensor";
import { checkWeightMask, checkWeights, digestOfMatrix, type FreeWeights, type WeightPart } from "./weight-part";

/** Which weights {@link maskedWeights} trains. */
export interface MaskedWeightsOptions {
  /** 1 where a weight is trained, 0 where it is fixed, in the shape of the weights */
  readonly mask: Matrix;
  /** the values of fixed weights, read only there; default 0: no connection */
  readonly fixed?: Matrix | undefined;
}

const table = {
  mask: { is: "checked", check: (where, name, value) => checkWeightMask(where, name, value), needed: true },
  fixed: { is: "checked", check: (where, name, value) => checkWeights(where, name, value) },
} as const satisfies FieldsOf<MaskedWeightsOptions>;

/**
 * Weights some of which are absent or fixed: `W = mask * V + (1 - mask) * fixed`, V free. Hold a
 * parameter by it with {@link reparametrized}.
 *
 * @throws {@link LtrnnError} when the mask has other entries than 0 and 1 or none that is 1, when shapes disagree, or
 * in `start` when fixed weights differ from `fixed`
 * @remarks The adjoint is the mask times the gradient.
 * @example maskedWeights({ mask: tensor([2, 2], [0, 1, 1, 0]) })({ free: tensor([2, 2], [1, 2, 3, 4]) })[0].data
 * // [0, 2, 3, 0]
 */
export function maskedWeights(options: MaskedWeightsOptions): WeightPart {
  const where = "maskedWeights",
    { mask, fixed } = readOptions<MaskedWeightsOptions, typeof table>(where, options, table);
  if (fixed) checkWeights(where, "fixed", fixed, mask.shape);
  const kept = (of: (at: number) => number): Matrix => ({
    shape: mask.shape,
    data: mask.data.map((trains, at) => (trains ? of(at) : 0)),
  });
  const part = ({ free }: FreeWeights) => {
    checkWeights(where, "free", free, mask.shape);
    const w = {
      shape: mask.shape,
      data: mask.data.map((trains, at) => (trains ? free.data[at] : (fixed?.data[at] ?? 0))),
    };
    const adjoint = (dW: Matrix): FreeWeights => ({ free: kept((at) => dW.data[at]) });
    return [w, adjoint] as const;
  };
  const start = (w: Matrix): FreeWeights => {
    checkWeights(`${where}.start`, "w", w, mask.shape);
    const other = w.data.findIndex((value, at) => !mask.data[at] && value !== (fixed?.data[at] ?? 0));
    if (other >= 0)
      fail(`${where}.start`, {
        expected:
          `w to be ${fixed?.data[other] ?? 0} at index [${indexOf(mask.shape, other).join(", ")}], ` +
          "which the mask holds",
        got: String(w.data[other]),
        fix: "Pass those weights as fixed, or start from weights that the mask lets be.",
      });
    return { free: kept((at) => w.data[at]) };
  };
  const description = { kind: where, mask: digestOfMatrix(mask), ...(fixed ? { fixed: digestOfMatrix(fixed) } : {}) };
  return Object.assign(part, { description, start });
}
