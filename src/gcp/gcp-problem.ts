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
  /** the norm of what the model leaves of x, relative to that of x, over the observed entries */
  relativeErrorAt(variables: Float64Array): number;
  factorsOf(variables: Float64Array): Matrix[];
}

interface Given extends Pick<GcpProblem, "x" | "mask" | "loss" | "rank" | "penalties"> {
  /** the public function in whose name data are refused that the loss is not about */
  readonly where: string;
  readonly boundsOfModes: readonly (GcpBounds | undefined)[];
}

/**
 * The gradient of a loss of entries is an MTTKRP of the tensor of its derivatives, for every mode, with the factors as
 * they are: one pass makes model, derivatives and both halves of these products, block by block in the cache.
 *
 * @throws {@link LtrnnError} when x is not what the loss is about
 * @see Hong, Kolda & Duersch (2020), Generalized canonical polyadic tensor decomposition, SIAM Review 62, theorem 3
 */
export function gcpProblem({ where, x, mask, loss, rank, penalties, boundsOfModes }: Given): GcpProblem {
  const { shape } = x,
    split = splitOf(shape, rank),
    panels = modelPanels(sizeOf(shape.slice(0, split)), sizeOf(shape.slice(split))),
    observed = mask ? mask.data.reduce((sum, seen) => sum + seen, 0) : x.data.length,
    visit = lossVisit(where, panels, x, mask, loss);
  const factorsOf = (variables: Float64Array): Matrix[] => {
    let from = 0;
    return shape.map((size) => {
      const data = variables.subarray(from, from + size * rank);
      from += size * rank;
      return { shape: [size, rank], data };
    });
  };
  const pass = (factors: readonly Matrix[], each: PanelVisit, products: boolean) =>
    modelPass(
      panels,
      { left: joined(factors.slice(0, split)).data, rightT: transpose(joined(factors.slice(split))).data, rank },
      each,
      products,
    );
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
        { sum, rightT, leftT } = pass(factors, visit, true),
        gradient = new Float64Array(variables.length),
        gradients = factorsOf(gradient);
      shape.forEach((_, mode) => {
        const { data } =
          mode < split
            ? remaining(rightT, factors.slice(0, split), mode)
            : remaining(leftT, factors.slice(split), mode - split);
        gradients[mode].data.set(data);
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
