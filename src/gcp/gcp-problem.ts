import { joined, remaining, splitOf } from "../decompose";
import { modelPanels, modelPass, type PanelVisit } from "../kernels";
import type { Bounds, Evaluated } from "../optim";
import { sizeOf, transpose, type Matrix, type Tensor } from "../tensor";
import { lossVisit, residualVisit } from "./entry-visits";
import type { GcpLoss } from "./gcp-loss";
import type { GcpBounds } from "./gcp-options";
import { penaltyOf, type Penalties } from "./penalties";

/** The loss of CP models of one tensor, over the observed entries. Variables are all factors, one after another. */
export interface GcpProblem {
  readonly x: Tensor;
  readonly mask: Tensor | undefined;
  readonly loss: GcpLoss;
  readonly rank: number;
  readonly penalties: Penalties;
  readonly bounds: Bounds;
  /** observed entries */
  readonly observed: number;
  /** the loss with its penalties, per observed entry, and its gradient */
  evaluate(variables: Float64Array): Evaluated;
  /** the loss alone, per observed entry */
  lossAt(variables: Float64Array): number;
  /** the norm of the residual, relative to that of x, over the observed entries */
  relativeErrorAt(variables: Float64Array): number;
  factorsOf(variables: Float64Array): Matrix[];
}

interface Given extends Pick<GcpProblem, "x" | "mask" | "loss" | "rank" | "penalties"> {
  /** the public function named in errors about the data */
  readonly where: string;
  /** whether it is evaluated many times; if only once, x is checked at that time */
  readonly again: boolean;
  readonly boundsOfModes: readonly (GcpBounds | undefined)[];
}

/**
 * The gradient of a loss of entries is an MTTKRP of the tensor of its derivatives, for every mode, all with the same
 * factors: one pass computes the model, the derivatives and both halves of these products, block by block in the cache.
 *
 * @throws {@link LtrnnError} when the loss is not defined for x
 * @see Hong, Kolda & Duersch (2020), Generalized canonical polyadic tensor decomposition, SIAM Review 62, theorem 3
 */
export function gcpProblem({ where, x, mask, loss, rank, penalties, boundsOfModes, again }: Given): GcpProblem {
  const { shape } = x,
    split = splitOf(shape, rank),
    panels = modelPanels(sizeOf(shape.slice(0, split)), sizeOf(shape.slice(split))),
    observed = mask ? mask.data.reduce((sum, seen) => sum + seen, 0) : x.data.length,
    visit = lossVisit(where, panels, x, mask, loss, again);
  const factorsOf = (variables: Float64Array): Matrix[] => {
    let from = 0;
    return shape.map((size) => {
      const data = variables.subarray(from, from + size * rank);
      from += size * rank;
      return { shape: [size, rank], data };
    });
  };
  /**
   * What three groups of modes contribute to a model: all row modes but the last, the last row mode, and the column
   * modes.
   */
  const groupsOf = (factors: readonly Matrix[]): Matrix[][] => [
    factors.slice(0, split - 1),
    [factors[split - 1]],
    factors.slice(split),
  ];
  const pass = (factors: readonly Matrix[], each: PanelVisit, products: boolean) => {
    const [outer, inner, right] = groupsOf(factors).map((group) => (group.length > 0 ? joined(group) : onesOf(rank)));
    return modelPass(
      panels,
      { outer: outer.data, inner: inner.data, rightT: transpose(right).data, rank },
      each,
      products,
    );
  };
  return {
    x,
    mask,
    loss,
    rank,
    penalties,
    observed,
    bounds: boundsOf(shape, rank, loss, boundsOfModes),
    factorsOf,
    evaluate(variables) {
      const factors = factorsOf(variables),
        { sum, gradients: ofGroups } = pass(factors, visit, true),
        gradient = new Float64Array(variables.length),
        gradients = factorsOf(gradient),
        [ofOuter, ofInner, ofRight] = ofGroups,
        [outer, , right] = groupsOf(factors),
        outerT = outer.length > 0 ? transpose({ shape: [ofOuter.length / rank, rank], data: ofOuter }).data : ofOuter;
      outer.forEach((_, mode) => {
        gradients[mode].data.set(remaining(outerT, outer, mode).data);
      });
      gradients[split - 1].data.set(ofInner);
      right.forEach((_, mode) => {
        gradients[split + mode].data.set(remaining(ofRight, right, mode).data);
      });
      const penalty = penaltyOf(factors, penalties, gradients);
      for (let i = 0; i < gradient.length; i++) gradient[i] /= observed;
      return { loss: (sum + penalty) / observed, gradient };
    },
    lossAt: (variables) => pass(factorsOf(variables), visit, false).sum / observed,
    relativeErrorAt(variables) {
      const left = Math.sqrt(pass(factorsOf(variables), residualVisit(x, mask, loss), false).sum);
      let squares = 0;
      for (let i = 0; i < x.data.length; i++) if (mask?.data[i] !== 0) squares += x.data[i] * x.data[i];
      return squares === 0 ? left : left / Math.sqrt(squares);
    },
  };
}

const onesOf = (rank: number): Matrix => ({ shape: [1, rank], data: new Float64Array(rank).fill(1) });

function boundsOf(
  shape: readonly number[],
  rank: number,
  { nonNegative }: GcpLoss,
  ofModes: readonly (GcpBounds | undefined)[],
): Bounds {
  const flat = (of: (mode: number) => number) =>
    Float64Array.from(shape.flatMap((size, mode) => new Array<number>(size * rank).fill(of(mode))));
  return {
    lower: flat((mode) => Math.max(nonNegative ? 0 : -Infinity, ofModes[mode]?.least ?? -Infinity)),
    upper: flat((mode) => ofModes[mode]?.most ?? Infinity),
  };
}
