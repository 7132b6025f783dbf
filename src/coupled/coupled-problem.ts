import { innerProduct, relativeErrorOf, squaresOf, dimensionTree, type UpdateFactor } from "../decompose";
import { gramOfOthers } from "../factored";
import { gram, type Matrix, type Tensor } from "../tensor";

/** One of the coupled tensors, its shared mode last. */
export interface CoupledData {
  /** NaN where an entry is missing */
  readonly x: Tensor;
  readonly imputes: boolean;
  readonly norm: number;
  /** the weight of its squared relative error; weights sum to 1 */
  readonly weight: number;
}

/** Factors of every tensor, the last of each the shared one. */
export interface CoupledModel {
  readonly factors: readonly (readonly Matrix[])[];
}

/** The own factors of every tensor in turn, and the shared one at the end. */
export const flat = ({ factors }: CoupledModel): Matrix[] => {
  const [first] = factors;
  return [...factors.flatMap((list) => list.slice(0, -1)), first[first.length - 1]];
};

/** The model from its flat list of factors, given the number of modes of each tensor. */
export function nested(list: readonly Matrix[], modes: readonly number[]): CoupledModel {
  const common = list[list.length - 1];
  let from = 0;
  return {
    factors: modes.map((count) => {
      from += count - 1;
      return [...list.slice(from - count + 1, from), common];
    }),
  };
}

export interface CoupledSwept extends CoupledModel {
  readonly errors: readonly number[];
  readonly relativeError: number;
  readonly singular: boolean;
}

/**
 * One sweep over coupled tensors: the factors of each tensor's own modes in turn, by the least squares of that tensor,
 * and then the shared factor, whose normal equations are the weighted sums of those of all tensors. Neither raises the
 * weighted sum of squared relative errors.
 *
 * @param own - finds the factor of a mode that is not shared
 * @param common - finds the shared factor
 * @see Acar, Kolda & Dunlavy (2011), All-at-once optimization for coupled matrix and tensor factorizations, section 3
 */
export function coupledSweeps(
  tensors: readonly CoupledData[],
  rank: number,
  { own, common }: { readonly own: (tensor: number) => UpdateFactor; readonly common: UpdateFactor },
): (model: CoupledModel) => CoupledSwept {
  const passes = tensors.map(({ x, imputes }) => dimensionTree(x, rank, imputes));
  return (model) => {
    let singular = false;
    const normal = new Float64Array(rank * rank),
      before = model.factors[0][model.factors[0].length - 1],
      sums = new Float64Array(before.data.length),
      last: { products: Matrix; grams: Matrix[] }[] = [];
    const factors = tensors.map(({ norm: size, weight }, i) => {
      const now = [...model.factors[i]],
        grams = now.map(gram),
        shared = now.length - 1;
      for (const { mode, products } of passes[i].sweep(now)) {
        const equations = gramOfOthers(grams, mode);
        if (mode < shared) {
          const solution = own(i)(mode, equations, products, now[mode]);
          now[mode] = solution.factor;
          grams[mode] = gram(solution.factor);
          singular ||= solution.singular;
          continue;
        }
        const scale = size === 0 ? 0 : weight / (size * size);
        for (let k = 0; k < normal.length; k++) normal[k] += scale * equations.data[k];
        for (let k = 0; k < sums.length; k++) sums[k] += scale * products.data[k];
        last.push({ products, grams });
      }
      return now;
    });
    const solution = common(0, { shape: [rank, rank], data: normal }, { shape: before.shape, data: sums }, before),
      together = factors.map((now) => [...now.slice(0, -1), solution.factor]);
    const errors = tensors.map(({ norm: size, imputes }, i) => {
      const { products, grams } = last[i],
        overlaps = gramOfOthers([...grams.slice(0, -1), gram(solution.factor)], -1),
        inner = innerProduct(solution.factor, products);
      return relativeErrorOf(size, { inner, ...squaresOf(overlaps), imputes }, () => passes[i].residual(together[i]));
    });
    const squared = tensors.reduce((sum, { weight }, i) => sum + weight * errors[i] * errors[i], 0);
    return { factors: together, errors, relativeError: Math.sqrt(squared), singular: singular || solution.singular };
  };
}
