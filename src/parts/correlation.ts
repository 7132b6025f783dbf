import { exp, expm1, log, log1p } from "../base";

/** The correlation of trial factors at a distance in time: 1 at distance 0, and never more. */
export interface Correlation {
  /** at a distance, both in the unit of the length */
  at(distance: number, length: number, alpha: number): number;
  /** the default of its exponent; absent: it has none */
  readonly alpha?: number;
}

/** The names of the correlations, as `kernel` takes them. */
export const kernelNames = ["rationalQuadratic", "rbf", "matern32", "matern52"] as const;

/** "rationalQuadratic", "rbf", "matern32" or "matern52". */
export type TrialKernelName = (typeof kernelNames)[number];

/**
 * Every correlation, a row each, with s = d / length.
 *
 * @see Rasmussen & Williams (2006), Gaussian Processes for Machine Learning, section 4.2
 */
export const correlations: Readonly<Record<TrialKernelName, Correlation>> = {
  rationalQuadratic: { at: rationalQuadratic, alpha: 1 },
  rbf: { at: (d, length) => exp((-(d / length) * (d / length)) / 2) },
  matern32: { at: (d, length) => damped(Math.sqrt(3) * (d / length), 0) },
  matern52: { at: (d, length) => damped(Math.sqrt(5) * (d / length), 1 / 3) },
};

/** `(1 + s² / (2 alpha))^-alpha`, without the rounding of the sum, which a large alpha would raise to a power. */
function rationalQuadratic(distance: number, length: number, alpha: number): number {
  if (distance === 0) return 1;
  const ratio = distance / length,
    excess = (ratio * ratio) / (2 * alpha);
  // where the excess overflows, 1 is lost beside it
  const logOfSum = Number.isFinite(excess) ? log1p(excess) : 2 * (log(distance) - log(length)) - log(2 * alpha);
  return exp(-alpha * logOfSum);
}

/**
 * `(1 + s + c s²) exp(-s)`, of the Matérn kernels. Near 0, where both factors are rounded and their product may exceed
 * 1, as `1 - (1 - …)` whose parenthesis is small.
 */
function damped(s: number, c: number): number {
  if (s > 800) return 0; // below the smallest number
  const decay = exp(-s);
  return s < 0.5 ? 1 + (expm1(-s) + (s + c * s * s) * decay) : (1 + s + c * s * s) * decay;
}
