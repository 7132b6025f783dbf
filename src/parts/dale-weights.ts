import { expm1, fail, log, readOptions, show, type FieldsOf } from "../base";
import { activationOf } from "../kernels";
import { checkMask, indexOf, type Matrix } from "../tensor";
import { checkWeightMask, checkWeights, digestOfMatrix, type FreeWeights, type WeightPart } from "./weight-part";

/** Which units are excitatory and which inhibitory, and which are connected. */
export interface DaleWeightsOptions {
  /** 1 for every presynaptic unit that excites, -1 for every one that inhibits */
  readonly signs: readonly number[];
  /** 1 where two units are connected, 0 elsewhere, in the shape of the weights; default: all are */
  readonly mask?: Matrix | undefined;
  /**
   * how large a weight is: "absolute", `|V|`, can be 0 and passes through it; "softplus", `log(1 + exp V)`, is smooth
   * and never 0. Default "absolute"
   */
  readonly magnitude?: "absolute" | "softplus" | undefined;
}

const table = {
  signs: { is: "list", of: { is: "number" }, needed: true },
  mask: { is: "checked", check: (where, name, value) => checkWeightMask(where, name, value) },
  magnitude: { is: "name", of: ["absolute", "softplus"], fallback: "absolute" },
} as const satisfies FieldsOf<DaleWeightsOptions>;

/**
 * How large a weight is, with its slope and its inverse. At 0 the slope of |V| is that from above: weights can grow.
 */
const magnitudes = () => {
  const { value, pull } = activationOf("softplus");
  return {
    absolute: { of: Math.abs, slope: (v: number) => (v < 0 ? -1 : 1), inverse: (size: number) => size },
    softplus: {
      of: value,
      slope: (v: number) => pull(1, value(v)),
      inverse: (size: number) => size + log(-expm1(-size)),
    },
  } as const;
};

/**
 * Weights that keep Dale's law: `W_ij = mask_ij |V_ij| sign_j`, or `softplus(V_ij)` in place of `|V_ij|`, V free. All
 * weights of a presynaptic unit have its sign, at every step of any optimizer, with no clipping. Hold a parameter by it
 * with {@link reparametrized}; the part at given weights, `part({ free: w })[0]` with "absolute", gives w's sizes the
 * right signs.
 *
 * @throws {@link LtrnnError} when a sign is neither 1 nor -1, the mask has other entries than 0 and 1 or none that is
 * 1, when sizes disagree, or in `start` when weights contradict signs or mask, or are 0 where "softplus" never is
 * @remarks The adjoint is `mask_ij sign_j` times the slope of the size, times the gradient.
 * @see Song, Yang & Wang (2016), Training excitatory-inhibitory recurrent neural networks for cognitive tasks, PLoS
 * Computational Biology 12
 * @example daleWeights({ signs: [1, -1] })({ free: tensor([2, 2], [1, 2, -3, -4]) })[0].data // [1, -2, 3, -4]
 */
export function daleWeights(options: DaleWeightsOptions): WeightPart {
  const where = "daleWeights",
    { signs, mask, magnitude } = readOptions<DaleWeightsOptions, typeof table>(where, options, table),
    size = magnitudes()[magnitude],
    units = signs.length;
  const odd = signs.findIndex((sign) => sign !== 1 && sign !== -1);
  if (odd >= 0 || units === 0)
    fail(where, {
      expected: "signs of 1 or -1, one for every presynaptic unit",
      got: odd < 0 ? "none" : `${show(signs[odd])} at index ${odd}`,
      fix: "Pass 1 for units that excite and -1 for those that inhibit.",
    });
  if (mask) checkMask(where, "mask", mask, [mask.shape[0], units], "signs has units");
  const check = (called: string, name: string, w: Matrix) =>
    checkWeights(called, name, w, mask ? mask.shape : [w?.shape?.[0] ?? 0, units]);
  const connected = (at: number) => !mask || mask.data[at] === 1;
  const part = ({ free }: FreeWeights) => {
    check(where, "free", free);
    const { shape, data } = free;
    const w = { shape, data: data.map((v, at) => (connected(at) ? signs[at % units] * size.of(v) : 0)) };
    const adjoint = (dW: Matrix): FreeWeights => ({
      free: { shape, data: data.map((v, at) => (connected(at) ? signs[at % units] * size.slope(v) * dW.data[at] : 0)) },
    });
    return [w, adjoint] as const;
  };
  const start = (w: Matrix): FreeWeights => {
    const called = `${where}.start`;
    check(called, "w", w);
    const refuse = (at: number, expected: string, fix: string): never => {
      const [post, pre] = indexOf(w.shape, at);
      return fail(called, { expected: `${expected} from unit ${pre} to ${post}`, got: String(w.data[at]), fix });
    };
    const data = w.data.map((value, at) => {
      const of = signs[at % units] * value;
      if (!connected(at))
        return value === 0 ? 0 : refuse(at, "no weight", "Set it to 0, or connect the two units in the mask.");
      if (of < 0)
        return refuse(
          at,
          signs[at % units] > 0 ? "a weight of at least 0" : "a weight of at most 0",
          "Change the sign of that unit, or take the weights' sizes: daleWeights(…)({ free: w })[0].",
        );
      if (of === 0 && magnitude === "softplus")
        return refuse(at, "a weight other than 0", 'Mask it, or take the magnitude "absolute".');
      return size.inverse(of);
    });
    return { free: { shape: w.shape, data } };
  };
  const description = { kind: where, signs: [...signs], magnitude, ...(mask ? { mask: digestOfMatrix(mask) } : {}) };
  return Object.assign(part, { description, start });
}
