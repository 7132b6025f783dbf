import { checkFinite, checkSameShape, gram, norm, type Matrix, type Tensor } from "../tensor";
import { cpToTensor, gramOfOthers } from "./cp";
import type { CpConstraint } from "./constraints";
import { loadedWith, solveFactor } from "./normal-equations";
import { twoPasses } from "./sweep";

/** One way to alternate: it changes the factors it is given, mode by mode, and knows the error they leave. */
export interface Alternation {
  /** the norm of what is observed */
  readonly size: number;
  /** @returns whether some normal equations were singular to rounding */
  sweep(factors: Matrix[]): boolean;
  /** `‖x - x̂‖ / ‖x‖` over what is observed, after a sweep */
  relativeError(factors: readonly Matrix[]): number;
}

/** What is asked of the factors beside the least squares. */
export interface Demands {
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
 */
export function leastSquares(
  x: Tensor,
  rank: number,
  { ridge, fixed = [], constraints = [] }: Demands,
  imputes = false,
  size = imputes ? observedNorm(x) : norm(x),
): Alternation {
  const passes = twoPasses(x, rank, imputes);
  let grams: Matrix[] = [],
    lastProducts: Matrix | undefined;
  return {
    size,
    sweep(factors) {
      grams = factors.map(gram);
      let singular = false;
      for (const { mode, products } of passes.sweep(factors)) {
        lastProducts = products; // of the last mode it gives <x, x̂> for nothing
        if (fixed.includes(mode)) continue;
        const normal = gramOfOthers(grams, mode),
          constraint = constraints[mode];
        if (constraint)
          factors[mode] = checked(
            constraint,
            mode,
            constraint.update(loadedWith(normal, ridge), products, factors[mode]),
            factors[mode],
          );
        else {
          const solution = solveFactor(normal, products, ridge);
          singular ||= solution.singular;
          factors[mode] = solution.factor;
        }
        grams[mode] = gram(factors[mode]);
      }
      return singular;
    },
    relativeError(factors) {
      if (size === 0) return factors.some((f) => norm(f) === 0) ? 0 : norm(modelOf(factors));
      if (imputes) return Math.sqrt(passes.residual(factors)) / size;
      return settledError(
        size,
        dot(factors[factors.length - 1], lastProducts!),
        gramOfOthers(grams, -1).data.reduce((sum, g) => sum + g, 0),
        () => Math.sqrt(passes.residual(factors)),
      );
    },
  };
}

/** What a constraint of a user's gives must be a factor. */
function checked({ name }: CpConstraint, mode: number, factor: Matrix, before: Matrix): Matrix {
  checkSameShape("cpAls", `the factor of mode ${mode} from the constraint ${name}`, factor, before.shape);
  checkFinite("cpAls", `the factor of mode ${mode} from the constraint ${name}`, factor);
  return factor;
}

function observedNorm({ data }: Tensor): number {
  let sum = 0;
  for (let at = 0; at < data.length; at++) if (data[at] === data[at]) sum += data[at] * data[at];
  return Math.sqrt(sum);
}

/** `‖x - x̂‖ / ‖x‖` from `‖x‖² - 2 <x, x̂> + ‖x̂‖²`; near the floor of that sum, where it cancels, from the difference itself. */
export function settledError(size: number, inner: number, modelSquared: number, difference: () => number): number {
  const squared = 1 - (2 * inner - modelSquared) / (size * size);
  return squared > 1e-6 ? Math.sqrt(squared) : difference() / size; // rounding of about 1e-15 in the square is 5e-13 of a larger error
}

const modelOf = (factors: readonly Matrix[]) =>
  cpToTensor({
    weights: { shape: [factors[0].shape[1]], data: new Float64Array(factors[0].shape[1]).fill(1) },
    factors,
  });
export const dot = (a: Matrix, b: Matrix) => a.data.reduce((sum, value, at) => sum + value * b.data[at], 0);
