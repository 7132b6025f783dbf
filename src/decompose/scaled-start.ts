import { cpOf, gramOfOthers, type Cp, type Level } from "../factored";
import { solveSymmetric } from "../linalg";
import { gram, type Matrix, type Tensor } from "../tensor";
import { drawnStart } from "./drawn-start";
import { nonNegativeRow } from "./non-negative-row";
import { dimensionTree } from "./dimension-tree";
import { completed } from "./completed";

/** A start by name. */
export type NamedStart = "random" | "hosvd" | "nndsvd";

/**
 * A start that is a complete model: its weights are the least squares solution for its factors, at least 0 where these
 * are non-negative. Missing entries are filled in.
 *
 * @param x - in a unit in which squares are in range
 */
export function scaledStart(
  kind: NamedStart,
  x: Tensor,
  rank: number,
  seed: number,
  { level, mask }: { readonly level?: Level; readonly mask?: Tensor | undefined },
): Cp {
  const whole = mask ? completed(x, mask, rank, seed) : x,
    factors = drawnStart(kind, whole, rank, seed, level ? { level } : {}),
    normal = gramOfOthers(factors.map(gram), -1),
    inner = innerProducts(whole, factors, rank);
  const weights =
    kind === "nndsvd"
      ? nonNegativeRow(normal.data, inner)
      : solveSymmetric(normal, { shape: [rank, 1], data: inner }).x.data;
  return cpOf(factors, weights);
}

/** The inner product of x with each component, without its weight. */
function innerProducts(x: Tensor, factors: readonly Matrix[], rank: number): Float64Array {
  const last = factors.length - 1,
    inner = new Float64Array(rank);
  for (const { mode, products } of dimensionTree(x, rank).sweep([...factors]))
    if (mode === last)
      for (let i = 0; i < products.data.length; i++) inner[i % rank] += products.data[i] * factors[last].data[i];
  return inner;
}
