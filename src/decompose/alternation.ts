import { solveSymmetric } from "../linalg";
import { checkFinite, checkSameShape, gram, norm, zeros, type Matrix, type Tensor } from "../tensor";
import { cpToTensor, gramOfOthers, type Cp } from "./cp";
import type { CpConstraint } from "./constraints";
import { loadedWith, solveFactor } from "./normal-equations";
import { twoPasses } from "./sweep";

/**
 * One way to alternate: it changes the factors it is given, mode by mode, and knows the error they leave. The weights of components are 1, but where no factor
 * can carry their scale: then a sweep changes them too.
 */
export interface Alternation {
  /** the norm of what is observed */
  readonly size: number;
  /** whether missing entries are filled in from the model */
  readonly imputes: boolean;
  /** @returns whether some normal equations were singular to rounding */
  sweep(factors: Matrix[], weights: Float64Array): boolean;
  /** `‖x - x̂‖ / ‖x‖` over what is observed, after a sweep */
  relativeError(factors: readonly Matrix[], weights: Float64Array): number;
}

/** What is asked of the factors beside the least squares. */
export interface Demands {
  /** the function that was called, for errors */
  readonly where: string;
  /** added to the diagonal of every normal equation */
  readonly ridge: number;
  /** modes whose factors stay as they are */
  readonly fixed?: readonly number[];
  /** by mode */
  readonly constraints?: readonly (CpConstraint | undefined)[];
}

/**
 * Least squares with every entry observed, or with missing ones (NaN) imputed from the model before each pass over x (expectation maximization, where
 * each pass is followed by the least squares of its modes: Meng & Rubin 1993).
 *
 * Where every mode is fixed or has unit columns, the components have weights of their own: the best ones for the factors, before and after each update.
 */
export function leastSquares(
  x: Tensor,
  rank: number,
  { where, ridge, fixed = [], constraints = [] }: Demands,
  imputes = false,
  size = imputes ? observedNorm(x) : norm(x),
): Alternation {
  const passes = twoPasses(x, rank, imputes),
    weighted = isWeighted(x.shape.length, { fixed, constraints });
  let grams: Matrix[] = [],
    inner = 0; // <x, x̂>
  return {
    size,
    imputes,
    sweep(factors, weights) {
      grams = factors.map(gram);
      let singular = false;
      for (const { mode, products } of passes.sweep(factors, weights)) {
        if (!fixed.includes(mode)) {
          let normal = gramOfOthers(grams, mode),
            rows = products;
          if (weighted) {
            weights.set(bestWeights(gramOfOthers(grams, -1), products, factors[mode]));
            normal = weightedColumns(weightedRows(normal, weights), weights);
            rows = weightedColumns(products, weights);
          }
          const constraint = constraints[mode];
          if (constraint)
            factors[mode] = checked(
              where,
              constraint,
              mode,
              constraint.update(loadedWith(normal, ridge), rows, factors[mode]),
              factors[mode],
            );
          else {
            const solution = solveFactor(normal, rows, ridge);
            singular ||= solution.singular;
            factors[mode] = solution.factor;
          }
          grams[mode] = gram(factors[mode]);
        }
        if (mode < factors.length - 1) continue;
        if (weighted) weights.set(bestWeights(gramOfOthers(grams, -1), products, factors[mode]));
        inner = dot(weightedColumns(factors[mode], weights), products);
      }
      return singular;
    },
    relativeError(factors, weights) {
      if (size === 0) return factors.some((f) => norm(f) === 0) ? 0 : norm(cpToTensor(cpOf(factors, weights)));
      if (imputes) return Math.sqrt(passes.residual(factors, weights)) / size;
      const overlaps = weightedColumns(weightedRows(gramOfOthers(grams, -1), weights), weights).data;
      const modelSquared = overlaps.reduce((sum, g) => sum + g, 0),
        componentsSquared = overlaps.reduce((sum, g, i) => (i % (rank + 1) === 0 ? sum + g : sum), 0);
      return settledError(size, inner, modelSquared, componentsSquared, () =>
        Math.sqrt(passes.residual(factors, weights)),
      );
    },
  };
}

/** Factors with weights given as numbers. */
export const cpOf = (factors: readonly Matrix[], weights: Float64Array): Cp => ({
  weights: { shape: [weights.length], data: weights },
  factors,
});

/** Whether no factor can carry the scale of components: each is fixed, or has unit columns, and not all are fixed. */
export const isWeighted = (
  modes: number,
  { fixed = [], constraints = [] }: Pick<Demands, "fixed" | "constraints">,
): boolean =>
  constraints.some((one) => one?.unitColumns) &&
  Array.from({ length: modes }, (_, mode) => fixed.includes(mode) || constraints[mode]?.unitColumns).every(Boolean);

/** The weights of components of least squares: `G weights = d`, G their inner products, d those with x. */
function bestWeights(overlaps: Matrix, products: Matrix, factor: Matrix): Float64Array {
  const rank = overlaps.shape[0],
    inner = zeros([rank, 1]);
  for (let i = 0; i < factor.data.length; i++) inner.data[i % rank] += factor.data[i] * products.data[i];
  return solveSymmetric(overlaps, inner).x.data;
}

/** Every column times its weight. */
const weightedColumns = (f: Matrix, weights: Float64Array): Matrix => ({
  shape: f.shape,
  data: f.data.map((value, i) => value * weights[i % weights.length]),
});

/** Every row times its weight. */
const weightedRows = (f: Matrix, weights: Float64Array): Matrix => ({
  shape: f.shape,
  data: f.data.map((value, i) => value * weights[Math.floor(i / f.shape[1])]),
});

/** What a custom constraint gives must be a factor. */
function checked(where: string, { name }: CpConstraint, mode: number, factor: Matrix, before: Matrix): Matrix {
  checkSameShape(where, `the factor of mode ${mode} from the constraint ${name}`, factor, before.shape);
  checkFinite(where, `the factor of mode ${mode} from the constraint ${name}`, factor);
  return factor;
}

function observedNorm({ data }: Tensor): number {
  let sum = 0;
  for (let i = 0; i < data.length; i++) if (!Number.isNaN(data[i])) sum += data[i] * data[i];
  return Math.sqrt(sum);
}

/**
 * `‖x - x̂‖ / ‖x‖` from `‖x‖² - 2 <x, x̂> + ‖x̂‖²`; from the difference itself where that sum cancels: near zero, and where components are so much larger than x
 * that their squares are.
 */
export function settledError(
  size: number,
  inner: number,
  modelSquared: number,
  componentsSquared: number,
  difference: () => number,
): number {
  const squared = 1 - (2 * inner - modelSquared) / (size * size),
    cancelled = Math.max(1, componentsSquared / (size * size));
  return squared > 1e-6 * cancelled ? Math.sqrt(squared) : difference() / size; // rounding of about 1e-15 in the square is 5e-13 of a larger error
}

/** The sum of products of entries. */
export const dot = (a: Matrix, b: Matrix) => a.data.reduce((sum, value, i) => sum + value * b.data[i], 0);
