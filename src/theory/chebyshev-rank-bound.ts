import { fail, type FieldsOf, provenance, readOptions, tan, pow } from "../base";
import { type Activation, activationOf } from "../kernels";
import { monomialBound } from "./activation-rank-bound";
import type { HoldingBound } from "./rank-bound";

/** Rates near a low-dimensional subspace. Plain data. */
export interface ChebyshevRankBound extends HoldingBound {
  /** largest difference on [-range, range] between phi and a polynomial of that degree */
  readonly uniformError: number;
  /**
   * The matrix of rates (units × trials · time) is within this (Frobenius) of one of rank `atMost`; so its later
   * singular values are at most this.
   */
  readonly matrixError: number;
}

/** Facts about the states and the rates. */
export interface ChebyshevSetup {
  readonly activation: Activation;
  /** the largest magnitude of a state */
  readonly range: number;
  /** of the subspace that all states lie in */
  readonly dimension: number;
  /** of the polynomial */
  readonly degree: number;
  readonly units: number;
  readonly trials: number;
  /** time steps of a trial */
  readonly steps: number;
}

const chebyshevSetup = {
  activation: { is: "name", of: ["tanh", "relu", "softplus", "identity"], needed: true },
  range: { is: "number", above: 0, needed: true },
  dimension: { is: "whole number", least: 0, needed: true },
  degree: { is: "whole number", least: 0, needed: true },
  units: { is: "whole number", least: 1, needed: true },
  trials: { is: "whole number", least: 1, needed: true },
  steps: { is: "whole number", least: 1, needed: true },
} as const satisfies FieldsOf<ChebyshevSetup>;

/**
 * {@link activationRankBound} for the library's activations, by the Chebyshev series truncated at a degree, with a
 * proved bound on the truncation error: from the strip in which tanh and softplus are analytic, or from the
 * coefficients of |x| for relu.
 *
 * @throws {@link LtrnnError} when sizes are not whole numbers, the range is not positive, or the error bound overflows
 * @remarks O(degree).
 * @see Trefethen (2013), Approximation Theory and Approximation Practice, theorem 8.2; docs/theory.md C3
 * @example chebyshevRankBound({ activation: "tanh", range: 0.5, dimension: 2, degree: 5, units: 100, trials: 8,
 * steps: 20 }).atMost // 12
 */
export function chebyshevRankBound(setup: ChebyshevSetup): ChebyshevRankBound {
  const where = "chebyshevRankBound";
  const { activation, range, dimension, degree, units, trials, steps } = readOptions<
    ChebyshevSetup,
    typeof chebyshevSetup
  >(where, setup, chebyshevSetup, "setup");
  const { odd } = activationOf(activation);
  const bound = monomialBound(where, dimension, degree, odd ? "odd" : "any");
  const uniformError = chebyshevError(activation, range, degree);
  const matrixError = uniformError * Math.sqrt(units) * Math.sqrt(trials) * Math.sqrt(steps);
  if (!Number.isFinite(matrixError))
    fail(where, {
      expected: "a range for which the error is finite",
      got: String(range),
      fix: "Pass the largest state.",
    });
  return {
    ...bound,
    uniformError,
    matrixError,
    ...(bound.atMost >= units ? { vacuous: true as const } : {}),
    statement: `rates are within ${matrixError.toPrecision(3)} (Frobenius) of a matrix of rank at most ${bound.atMost}`,
    assumptions: [`all states lie in one subspace of dimension ${dimension}`, `no state exceeds ${range} in size`],
    because:
      `a polynomial of degree ${degree} is within ${uniformError.toPrecision(3)} of ${activation} ` +
      `there; ${bound.because}`,
    provenance: provenance(where, null, { activation, range, dimension, degree, units, trials, steps }),
  };
}

/** An upper bound on the largest difference between phi and its Chebyshev series up to `degree` on [-range, range]. */
function chebyshevError(phi: Activation, range: number, degree: number): number {
  if (phi === "identity") return degree >= 1 ? 0 : range;
  if (phi === "relu") return reluError(range, degree);
  // analytic and at most M in magnitude in an ellipse with foci ±range and half axes range (rho ± 1/rho) / 2: the
  // truncation error is at most 2 M rho^-degree / (rho - 1)
  let best = Number.POSITIVE_INFINITY;
  const pole = phi === "tanh" ? Math.PI / 2 : Math.PI;
  for (let share = 0.02; share < 0.999; share += 0.002) {
    const b = share * pole,
      height = b / range;
    const rho = height + Math.sqrt(height * height + 1),
      a = (range * (rho + 1 / rho)) / 2;
    best = Math.min(best, (2 * sizeInEllipse(phi, a, b) * pow(rho, -degree)) / (rho - 1));
  }
  return phi === "softplus" && degree === 0 ? best + range / 2 : best; // softplus is x / 2 + log 2 + log cosh(x / 2)
}

/**
 * relu = (x + |x|) / 2, and |x| = 2/pi - 4/pi sum_k (-1)^k T_2k / (4 k² - 1): the terms past k = n sum to at most
 * 2 / (pi (2n + 1)).
 */
const reluError = (range: number, degree: number): number =>
  degree >= 1 ? range / (Math.PI * (2 * Math.floor(degree / 2) + 1)) : range;

/**
 * An upper bound on |phi| in an ellipse of half axes a and b. |tanh(x + iy)|² = (sinh² x + sin² y) / (sinh² x + cos²
 * y), at most 1 or tan² y; and log cosh(z / 2) is the integral of tanh(w / 2) / 2 from 0 to z.
 */
const sizeInEllipse = (phi: Activation, a: number, b: number): number =>
  phi === "tanh" ? Math.max(1, tan(b)) : (a / 2) * Math.max(1, tan(b / 2));
