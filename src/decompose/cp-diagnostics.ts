import { checkAbove, fail } from "../base";
import { solveSymmetric } from "../linalg";
import {
  checkTensor,
  gram,
  hadamard,
  mttkrp,
  norm,
  transpose,
  zeros,
  type Matrix,
  type Tensor,
  type Vector,
} from "../tensor";
import { checkCp, checkModelOf, gramOfOthers, weightsInLast, type Cp } from "./cp";

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
  const rank = cp.weights.shape[0],
    cosines = cp.factors.map((f): Matrix => {
      const g = gram(f),
        lengths = Array.from({ length: rank }, (_, r) => Math.sqrt(g.data[r * rank + r]));
      return {
        shape: g.shape,
        data: g.data.map((x, at) => (x === 0 ? 0 : x / lengths[Math.floor(at / rank)] / lengths[at % rank])),
      };
    });
  const product = cosines.reduce((p, c) => hadamard(p, c)),
    signs = cp.weights.data;
  return {
    shape: product.shape,
    data: product.data.map((x, at) => x * Math.sign(signs[Math.floor(at / rank)]) * Math.sign(signs[at % rank])),
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
  checkTensor("componentVariance", "x", x);
  const scaled = weightsInLast("componentVariance", cp),
    rank = cp.weights.shape[0],
    last = scaled.length - 1;
  checkModelOf("componentVariance", x, cp);
  const size = norm(x) ** 2;
  if (size === 0)
    fail("componentVariance", {
      expected: "a tensor that is not zero",
      got: "zeros",
      fix: "There is nothing to explain.",
    });
  const products = mttkrp(x, scaled, last),
    inner = Array.from({ length: rank }, (_, r) => {
      // of x with each component
      let sum = 0;
      for (let at = r; at < products.data.length; at += rank) sum += products.data[at] * scaled[last].data[at];
      return sum;
    });
  const overlaps = gramOfOthers(scaled.map(gram), -1),
    of = (r: number, s: number) => overlaps.data[r * rank + s];
  let whole = 0;
  for (let r = 0; r < rank; r++) for (let s = 0; s < rank; s++) whole += of(r, s);
  const total = (2 * inner.reduce((sum, value) => sum + value, 0) - whole) / size;
  return {
    alone: inner.map((value, r) => (2 * value - of(r, r)) / size),
    lost: inner.map(
      (value, r) =>
        (2 * value - 2 * Array.from({ length: rank }, (_, s) => of(r, s)).reduce((sum, o) => sum + o, 0) + of(r, r)) /
        size,
    ),
    total,
  };
}

/**
 * The leverage of every row of a factor: the diagonal of `F (F' F)^-1 F'`, between 0 and 1, and 1 where a component rests on that row alone. They sum to the rank of F.
 *
 * @throws {@link LtrnnError} when an entry is not finite
 * @see Bro & Smilde (2003), Centering and scaling in component analysis, J. Chemometrics 17; Smilde, Bro & Geladi (2004), Multi-way Analysis, section 7.3
 * @example leverage(tensor([3, 1], [2, 0, 0])).data // Float64Array [1, 0, 0], up to rounding
 */
export function leverage(factor: Matrix): Vector {
  checkTensor("leverage", "factor", factor, 2);
  const [size, rank] = factor.shape,
    solved = solveSymmetric(gram(factor), transpose(factor)).x,
    out = zeros([size]) as Vector;
  for (let i = 0; i < size; i++)
    for (let r = 0; r < rank; r++) out.data[i] += factor.data[i * rank + r] * solved.data[r * size + i];
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
 * best approximation by such pairs only in the limit of infinite size. A congruence at or below `threshold` (default -0.85) is suspicious.
 *
 * @throws {@link LtrnnError} when the threshold is not in (-1, 0)
 * @see Krijnen, Dijkstra & Stegeman (2008), On the non-existence of optimal solutions and the occurrence of "degeneracy" in the CANDECOMP/PARAFAC model, Psychometrika 73
 * @example cpDegeneracy({ weights: tensor([2], [9, 9]), factors: [tensor([2, 2], [1, -1, 0, 0.1]), tensor([1, 2], [1, 1])] }).status // "degenerate"
 */
export function cpDegeneracy(cp: Cp, { threshold = -0.85 }: { readonly threshold?: number } = {}): Degeneracy {
  checkAbove("cpDegeneracy", "threshold", threshold, -1);
  if (threshold >= 0)
    fail("cpDegeneracy", {
      expected: "threshold below 0",
      got: String(threshold),
      fix: "Components that cancel have a congruence near -1.",
    });
  const congruence = congruenceMatrix(cp),
    rank = cp.weights.shape[0],
    overlaps = gramOfOthers(weightsInLast("cpDegeneracy", cp).map(gram), -1).data;
  let whole = 0;
  for (let at = 0; at < overlaps.length; at++) whole += overlaps[at];
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
