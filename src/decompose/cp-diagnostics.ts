import { fail, readOptions, type FieldsOf } from "../base";
import { svd } from "../linalg";
import {
  checkFinite,
  checkTensor,
  gram,
  hadamard,
  mttkrp,
  norm,
  subtract,
  zeros,
  type Matrix,
  type Tensor,
  type Vector,
} from "../tensor";
import {
  checkCp,
  checkModelOf,
  columnsInRange,
  cpToTensor,
  gramOfOthers,
  unitForm,
  weightsInLast,
  type Cp,
} from "./cp";
import { inUnit } from "./problem";
import { largestOf, rescaled, unitOf } from "./units";

/**
 * The congruence of every two components: the product over modes of the cosines between their columns. 1 on the diagonal; near -1 where two components cancel each other.
 *
 * @returns (rank × rank), symmetric
 * @throws {@link LtrnnError} when weights and factors disagree
 * @see Tucker (1951), A method for synthesis of factor analysis studies; Mitchell & Burdick (1994), Slowly converging PARAFAC sequences: swamps and two-factor degeneracies, J. Chemometrics 8
 * @example congruenceMatrix({ weights: tensor([2], [1, 1]), factors: [tensor([2, 2], [1, 0, 0, 1]), tensor([1, 2], [1, 1])] }).data // Float64Array [1, 0, 0, 1]
 */
export function congruenceMatrix(cp: Cp): Matrix {
  checkCp("congruenceMatrix", cp);
  return congruencesOf(cp);
}

function congruencesOf(cp: Cp): Matrix {
  const rank = cp.weights.shape[0],
    cosines = cp.factors.map((f): Matrix => {
      const g = gram(columnsInRange(f)),
        lengths = Array.from({ length: rank }, (_, r) => Math.sqrt(g.data[r * rank + r]));
      return {
        shape: g.shape,
        data: g.data.map((x, i) => (x === 0 ? 0 : x / lengths[Math.floor(i / rank)] / lengths[i % rank])),
      };
    });
  const product = cosines.reduce((p, c) => hadamard(p, c)),
    signs = cp.weights.data;
  return {
    shape: product.shape,
    data: product.data.map((x, i) => x * Math.sign(signs[Math.floor(i / rank)]) * Math.sign(signs[i % rank])),
  };
}

/** How much of a tensor's sum of squares components explain. */
export interface ComponentVariance {
  /** of each component alone, `1 - ‖x - component‖² / ‖x‖²`; below 0 where it explains nothing by itself, as components that cancel each other do */
  readonly alone: readonly number[];
  /** what the model loses without each component, the others as they are */
  readonly lost: readonly number[];
  /** of the model */
  readonly total: number;
}

/**
 * The variance that each component explains, in two ways. Neither need add up to the total: components are not orthogonal, so what two explain together
 * can be more or less than the sum, by twice their inner product.
 *
 * @throws {@link LtrnnError} when the model does not fit x, or x is zero
 * @remarks O(entries · rank).
 * @example componentVariance(tensor([2, 2], [3, 0, 0, 1]), { weights: tensor([2], [3, 1]), factors: [tensor([2, 2], [1, 0, 0, 1]), tensor([2, 2], [1, 0, 0, 1])] }).alone // [0.9, 0.1], up to rounding
 */
export function componentVariance(x: Tensor, cp: Cp): ComponentVariance {
  checkCp("componentVariance", cp);
  checkModelOf("componentVariance", x, cp);
  const { x: inside, unit, level } = inUnit("componentVariance", x),
    rank = cp.weights.shape[0];
  if (level.size === 0)
    fail("componentVariance", {
      expected: "a tensor that is not zero",
      got: "zeros",
      fix: "There is nothing to explain.",
    });
  const model = unitForm("componentVariance", cp, [], new Array<number>(rank).fill(-unit)),
    scaled = weightsInLast("componentVariance", model),
    residual = subtract(inside, cpToTensor(model));
  const withX = innerProducts(inside, scaled),
    withResidual = innerProducts(residual, scaled);
  const size = level.size * level.size,
    left = norm(residual);
  const squares = model.weights.data.map((weight) => weight * weight);
  const alone = Array.from(squares, (square, r) => (2 * withX[r] - square) / size),
    lost = Array.from(squares, (square, r) => (2 * withResidual[r] + square) / size),
    total = 1 - (left / level.size) * (left / level.size);
  if (![...alone, ...lost, total].every(Number.isFinite))
    fail("componentVariance", {
      expected: "a model of the size of x",
      got: "one so much larger that its squares leave the range of doubles",
      fix: "Pass the model of this tensor, in the unit of this tensor.",
    });
  return { alone, lost, total };
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

/**
 * The leverage of every row of a factor: the diagonal of `F (F' F)^-1 F'`, between 0 and 1, and 1 where a component rests on that row alone. They sum to the rank of F.
 * It is read off an orthonormal basis of the columns, each scaled to unit length, so the condition of F is not squared, and units of columns do not count.
 *
 * @throws {@link LtrnnError} when an entry is not finite
 * @see Bro & Smilde (2003), Centering and scaling in component analysis, J. Chemometrics 17; Smilde, Bro & Geladi (2004), Multi-way Analysis, section 7.3
 * @example leverage(tensor([3, 1], [2, 0, 0])).data // Float64Array [1, 0, 0], up to rounding
 */
export function leverage(factor: Matrix): Vector {
  checkTensor("leverage", "factor", factor, 2);
  checkFinite("leverage", "factor", factor);
  const [size, rank] = factor.shape,
    out = zeros([size]) as Vector;
  if (size === 0 || rank === 0) return out;
  const inRange = columnsInRange(factor),
    lengths = gram(inRange).data.filter((_, i) => i % (rank + 1) === 0);
  const { u, singularValues } = svd({
    shape: factor.shape,
    data: inRange.data.map((value, i) => value / (Math.sqrt(lengths[i % rank]) || 1)),
  });
  const columns = u.shape[1],
    cut = Math.max(size, rank) * Number.EPSILON * singularValues[0];
  u.data.forEach((value, i) => {
    if (singularValues[i % columns] > cut) out.data[Math.floor(i / columns)] += value * value;
  });
  return out;
}

/** Whether components of a model diverge and cancel. */
export interface Degeneracy {
  readonly status: "degenerate" | "none";
  /** pairs of components that point against each other, most opposed first */
  readonly pairs: readonly { readonly components: readonly [number, number]; readonly congruence: number }[];
  readonly because: string;
}

/**
 * A warning of degeneracy: two components whose congruence is near -1 and which are each larger than the sum of all, so that they cancel. A tensor can have a
 * best approximation by such pairs only in the limit of infinite size.
 *
 * @throws {@link LtrnnError} when weights and factors disagree, or the threshold is not in (-1, 0)
 * @see Krijnen, Dijkstra & Stegeman (2008), On the non-existence of optimal solutions and the occurrence of "degeneracy" in the CANDECOMP/PARAFAC model, Psychometrika 73
 * @example cpDegeneracy({ weights: tensor([2], [9, 9]), factors: [tensor([2, 2], [1, -1, 0, 0.1]), tensor([1, 2], [1, 1])] }).status // "degenerate"
 */
export function cpDegeneracy(cp: Cp, options: DegeneracyOptions = {}): Degeneracy {
  const { threshold } = readOptions("cpDegeneracy", options, degeneracyFields);
  checkCp("cpDegeneracy", cp);
  const congruence = congruencesOf(cp),
    rank = cp.weights.shape[0],
    { weights, factors } = unitForm("cpDegeneracy", cp),
    largest = unitOf(largestOf(weights.data));
  const overlaps = gramOfOthers(
    weightsInLast("cpDegeneracy", { weights: rescaled(weights, -largest), factors }).map(gram),
    -1,
  ).data;
  let whole = 0;
  for (let i = 0; i < overlaps.length; i++) whole += overlaps[i];
  const pairs: { components: readonly [number, number]; congruence: number }[] = [];
  for (let r = 0; r < rank; r++)
    for (let s = r + 1; s < rank; s++) {
      const c = congruence.data[r * rank + s];
      if (c <= threshold && Math.min(overlaps[r * rank + r], overlaps[s * rank + s]) > whole)
        pairs.push({ components: [r, s], congruence: c });
    }
  pairs.sort((p, q) => p.congruence - q.congruence);
  const [worst] = pairs;
  return worst
    ? {
        status: "degenerate",
        pairs,
        because: `components ${worst.components.join(" and ")} have a congruence of ${worst.congruence.toFixed(3)} and are each larger than the whole model: they cancel. Lower the rank, add a ridge, or ask for non-negative or orthogonal factors.`,
      }
    : {
        status: "none",
        pairs,
        because: `no two components with a congruence of at most ${threshold} are larger than the whole model`,
      };
}

export interface DegeneracyOptions {
  /** congruences at or below this are suspicious; default -0.85 */
  readonly threshold?: number;
}

const degeneracyFields = {
  threshold: { is: "number", above: -1, below: 0, fallback: -0.85 },
} as const satisfies FieldsOf<DegeneracyOptions>;
