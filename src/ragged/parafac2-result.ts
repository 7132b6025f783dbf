import type { Provenance, Status } from "../base";
import { uprightModes, type CpConstraint, type Extrapolation } from "../decompose";
import { canonicalForm, cpOf, type Cp } from "../factored";
import { matmul, type Matrix } from "../tensor";
import { trialsOf, type Stacked } from "./stacked";

/**
 * A PARAFAC2 model of trials of different lengths: trial k is `bases[k] B diag(weights * c_k) A'`, with the factors `[c
 * (trials × rank), B (rank × rank), A (units × rank)]`. Plain data. Weights and factors are a CP decomposition of the
 * trials in the coordinates of their bases.
 */
export interface Parafac2 extends Cp {
  /** orthonormal columns for every trial, (time × rank) */
  readonly bases: readonly Matrix[];
}

/** One state of the alternation: progress, result and checkpoint in one. Plain data; it is itself a start. */
export interface Parafac2Result extends Parafac2 {
  /** `‖x - x̂‖ / ‖x‖` over the observed entries of all trials */
  readonly relativeError: number;
  /** the relative error after each sweep of this run */
  readonly trace: readonly number[];
  readonly sweeps: number;
  /** "start": starts are compared; "sweeps": the best of them continues */
  readonly stage: "start" | "sweeps";
  /** "degenerate" where normal equations were singular to rounding in the last sweep, or components cancel */
  readonly status: Status;
  /** the starts that were compared, with the lowest error that each reached; empty where a start was given */
  readonly starts: readonly Parafac2Start[];
  /** factors and bases as the next sweep needs them, neither scaled nor sorted */
  readonly raw: Parafac2Raw;
  /** the memory of extrapolation for the next sweep */
  readonly extrapolation: Extrapolation;
  readonly provenance: Provenance;
}

/** One of several starts of {@link parafac2}. */
export interface Parafac2Start {
  readonly kind: "singular vectors" | "random";
  readonly seed: number;
  readonly sweeps: number;
  readonly relativeError: number;
}

/** The data of the sweeps of PARAFAC2. */
export interface Parafac2Raw {
  readonly factors: readonly Matrix[];
  /** of every trial, in the coordinates of its span where evolving factors are smooth */
  readonly bases: readonly Matrix[];
}

/** Copies of the bases of a sweep; none before the first. */
export const apart = (bases?: Stacked): Matrix[] =>
  bases ? trialsOf(bases).map(({ shape, data }) => ({ shape, data: data.slice() })) : [];

/**
 * Unit columns, components sorted by weight, and signs: a trial and its basis can change sign together without changing
 * the model, so signs are chosen such that the loadings of every trial, times the weights, have a sum of at least zero.
 * Where a constraint depends on signs, or acts along trials, columns and trials stay as they are.
 *
 * @param unit - the result is `2^unit` times the model
 */
export function canonicalParafac2(
  where: string,
  { factors, bases }: Parafac2Raw,
  spans: readonly Matrix[] | undefined,
  unit: number,
  constraints: readonly (CpConstraint | undefined)[] = [],
): Parafac2 {
  const rank = factors[0].shape[1],
    exponents = new Array<number>(rank).fill(unit),
    ones = new Float64Array(rank).fill(1);
  // the common factor comes last, since the last one carries the signs: non-negative shared factors stay non-negative
  const [trials, common, units] = factors,
    upright = uprightModes([constraints[0], constraints[2]]),
    first = canonicalForm(where, cpOf([trials, units, common], ones), [], exponents, upright),
    loadings = first.factors[0],
    signs = bases.map((_, k) => {
      let sum = 0;
      for (let r = 0; r < rank; r++) sum += first.weights.data[r] * loadings.data[k * rank + r];
      return sum < 0 && !constraints[0] ? -1 : 1;
    });
  const flipped = { shape: loadings.shape, data: loadings.data.map((c, i) => c * signs[Math.floor(i / rank)]) },
    second = canonicalForm(
      where,
      { weights: first.weights, factors: [flipped, ...first.factors.slice(1)] },
      [],
      undefined,
      upright,
    ),
    weights = second.weights;
  return {
    weights,
    factors: [second.factors[0], second.factors[2], second.factors[1]],
    bases: bases.map((basis, k) => {
      const { shape, data } = spans ? matmul(spans[k], basis) : basis;
      return { shape, data: signs[k] < 0 ? data.map((value) => -value) : data.slice() };
    }),
  };
}
