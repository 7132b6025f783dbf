import { fail } from "../base";
import { checkMask, mttkrp, norm, subtract, type Matrix, type Tensor } from "../tensor";
import { unitForm } from "./canonical";
import { checkCp, checkModelOf, cpToTensor, type Cp } from "./cp";
import { weightsInLast } from "./cp-products";
import { inUnit } from "./in-unit";

/** How much of a tensor's sum of squares components explain. */
export interface ComponentVariance {
  /**
   * of each component alone, `1 - ‖x - component‖² / ‖x‖²`; below 0 where it explains nothing by itself, as components
   * that cancel each other do
   */
  readonly alone: readonly number[];
  /** what the model loses without each component, the others as they are */
  readonly lost: readonly number[];
  /** of the model */
  readonly total: number;
}

/**
 * The variance that each component explains, in two ways. Neither need add up to the total: components are not
 * orthogonal, so what two explain together can be more or less than the sum, by twice their inner product.
 *
 * @param mask - (as x) 1 observed, 0 missing: sums are then over the observed entries, and no other is read
 * @throws {@link LtrnnError} when the model does not fit x, or x is zero where it is observed
 * @remarks O(entries · rank); with a mask as much memory.
 * @example componentVariance(tensor([2, 2], [3, 0, 0, 1]), { weights: tensor([2], [3, 1]), factors: [tensor([2, 2],
 * [1, 0, 0, 1]), tensor([2, 2], [1, 0, 0, 1])] }).alone // [0.9, 0.1], up to rounding
 */
export function componentVariance(x: Tensor, cp: Cp, mask?: Tensor): ComponentVariance {
  checkCp("componentVariance", cp);
  checkModelOf("componentVariance", x, cp);
  if (mask !== undefined) checkMask("componentVariance", "mask", mask, x.shape, "x");
  const { x: inside, unit, level } = inUnit("componentVariance", x, mask),
    rank = cp.weights.shape[0];
  if (level.size === 0)
    fail("componentVariance", {
      expected: "a tensor that is not zero",
      got: "zeros",
      fix: "There is nothing to explain.",
    });
  const model = unitForm("componentVariance", cp, [], new Array<number>(rank).fill(-unit));
  if (mask) return inRange(observedVariance(inside, model, mask));
  const scaled = weightsInLast("componentVariance", model),
    residual = subtract(inside, cpToTensor(model));
  const withX = innerProducts(inside, scaled),
    withResidual = innerProducts(residual, scaled);
  const size = level.size * level.size,
    left = norm(residual);
  const squares = model.weights.data.map((weight) => weight * weight);
  const alone = Array.from(squares, (square, r) => (2 * withX[r] - square) / size),
    lost = Array.from(squares, (square, r) => (2 * withResidual[r] + square) / size),
    total = 1 - (left / level.size) * (left / level.size);
  return inRange({ alone, lost, total });
}

function inRange(variance: ComponentVariance): ComponentVariance {
  if (![...variance.alone, ...variance.lost, variance.total].every(Number.isFinite))
    fail("componentVariance", {
      expected: "a model of the size of x",
      got: "one so much larger that its squares leave the range of doubles",
      fix: "Pass the model of this tensor, in the unit of this tensor.",
    });
  return variance;
}

/** The same over the observed entries, component by component, entry by entry. */
function observedVariance({ data }: Tensor, { weights, factors }: Cp, mask: Tensor): ComponentVariance {
  const rank = weights.shape[0],
    parts = Array.from({ length: rank }, (_, r) =>
      cpToTensor({
        weights: { shape: [1], data: weights.data.slice(r, r + 1) },
        factors: factors.map(({ shape, data: f }) => ({
          shape: [shape[0], 1] as const,
          data: f.filter((_, i) => i % rank === r),
        })),
      }),
    );
  let size = 0,
    left = 0;
  const alone = new Float64Array(rank),
    lost = new Float64Array(rank);
  for (let i = 0; i < data.length; i++) {
    if (mask.data[i] === 0) continue;
    const residual = parts.reduce((rest, part) => rest - part.data[i], data[i]);
    size += data[i] * data[i];
    left += residual * residual;
    for (let r = 0; r < rank; r++) {
      const entry = parts[r].data[i];
      alone[r] += entry * (2 * data[i] - entry);
      lost[r] += entry * (2 * residual + entry);
    }
  }
  return {
    alone: Array.from(alone, (sum) => sum / size),
    lost: Array.from(lost, (sum) => sum / size),
    total: 1 - left / size,
  };
}

/** The inner product of x with each component, weights in the last factor. */
function innerProducts(x: Tensor, scaled: readonly Matrix[]): Float64Array {
  const last = scaled.length - 1,
    products = mttkrp(x, scaled, last),
    rank = products.shape[1],
    inner = new Float64Array(rank);
  for (let i = 0; i < products.data.length; i++) inner[i % rank] += products.data[i] * scaled[last].data[i];
  return inner;
}
