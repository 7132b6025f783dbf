import { checkAbove, checkWhole, fail, provenance } from "../base";
import { activations, type Activation } from "../kernels";
import type { HoldingBound } from "./rank-bound";

/**
 * How many dimensions a polynomial activation can spread a subspace over: where all states lie in `dimension` dimensions and phi is a polynomial of degree `degree`, rates
 * lie in at most `binom(dimension + degree, degree)`; for an odd polynomial in `sum over odd j <= degree of binom(dimension + j - 1, j)`.
 *
 * @param parity - "odd" for a polynomial of odd powers only
 * @throws {@link LtrnnError} when sizes are not whole numbers
 * @see docs/theory.md C3
 * @example [activationRankBound(2, 3).atMost, activationRankBound(2, 3, "odd").atMost] // [10, 6]
 */
export function activationRankBound(dimension: number, degree: number, parity: "any" | "odd" = "any"): HoldingBound {
  checkWhole("activationRankBound", "dimension", dimension, 0);
  checkWhole("activationRankBound", "degree", degree, 0);
  if (parity !== "any" && parity !== "odd")
    fail("activationRankBound", {
      expected: 'parity to be "any" or "odd"',
      got: String(parity),
      fix: "Name one of the two.",
    });
  let atMost = 0,
    monomials = 1; // of degree j in so many variables: binom(dimension + j - 1, j)
  for (let j = 0; j <= degree; j++) {
    if (parity === "any" || j % 2 === 1) atMost += Math.round(monomials);
    monomials = (monomials * (dimension + j)) / (j + 1);
  }
  return {
    status: "holds",
    atMost,
    statement: `rates lie in at most ${atMost} dimensions`,
    assumptions: [
      `all states lie in one subspace of dimension ${dimension}`,
      `phi is ${parity === "odd" ? "an odd" : "a"} polynomial of degree ${degree}`,
    ],
    because: `every rate is a polynomial in ${dimension} coordinates, and there are ${atMost} monomials`,
    provenance: provenance("activationRankBound", null, { dimension, degree, parity }),
  };
}

/** Rates near a low-dimensional subspace. */
export interface ChebyshevRankBound extends HoldingBound {
  /** on [-range, range], between phi and a polynomial of that degree */
  readonly uniformError: number;
  /** the matrix of rates (units × trials · time) is within this (Frobenius) of one of rank `atMost`; so its later singular values are at most this */
  readonly matrixError: number;
}

/** What the rates are like. */
export interface ChebyshevSetup {
  readonly activation: Activation;
  /** no state is larger in size */
  readonly range: number;
  /** of the subspace that all states lie in */
  readonly dimension: number;
  /** of the polynomial */
  readonly degree: number;
  readonly units: number;
  readonly trials: number;
  readonly steps: number;
}

/**
 * {@link activationRankBound} for the library's activations, by way of the Chebyshev series cut off at a degree, with a proved bound on what is cut off: from the strip in which tanh and
 * softplus are analytic, or from the coefficients of |x| for relu.
 *
 * @throws {@link LtrnnError} when sizes are not whole numbers or the range is not positive
 * @see Trefethen (2013), Approximation Theory and Approximation Practice, theorem 8.2; docs/theory.md C3
 * @example chebyshevRankBound({ activation: "tanh", range: 0.5, dimension: 2, degree: 5, units: 100, trials: 8, steps: 20 }).atMost // 12
 */
export function chebyshevRankBound({
  activation,
  range,
  dimension,
  degree,
  units,
  trials,
  steps,
}: ChebyshevSetup): ChebyshevRankBound {
  const where = "chebyshevRankBound";
  checkAbove(where, "range", range, 0);
  for (const [name, size] of Object.entries({ units, trials, steps })) checkWhole(where, name, size, 1);
  if (!activations.includes(activation))
    fail(where, {
      expected: `an activation, one of ${activations.join(", ")}`,
      got: String(activation),
      fix: "Name one of these.",
    });
  const odd = activation === "tanh" || activation === "identity",
    bound = activationRankBound(dimension, degree, odd ? "odd" : "any");
  const uniformError = chebyshevError(activation, range, degree),
    matrixError = uniformError * Math.sqrt(units * trials * steps);
  return {
    ...bound,
    uniformError,
    matrixError,
    ...(bound.atMost >= units ? { vacuous: true as const } : {}),
    statement: `rates are within ${matrixError.toPrecision(3)} (Frobenius) of a matrix of rank at most ${bound.atMost}`,
    assumptions: [`all states lie in one subspace of dimension ${dimension}`, `no state exceeds ${range} in size`],
    because: `a polynomial of degree ${degree} is within ${uniformError.toPrecision(3)} of ${activation} there; ${bound.because}`,
    provenance: provenance(where, null, { activation, range, dimension, degree, units, trials, steps }),
  };
}

/** At least the largest difference between phi and its Chebyshev series up to `degree` on [-range, range]. */
function chebyshevError(phi: Activation, range: number, degree: number): number {
  if (phi === "identity") return degree >= 1 ? 0 : range;
  // relu = (x + |x|) / 2, and |x| = 2/pi - 4/pi sum_k (-1)^k T_2k / (4 k² - 1): what follows k = n sums to at most 2 / (pi (2n + 1))
  if (phi === "relu") return degree >= 1 ? range / (Math.PI * (2 * Math.floor(degree / 2) + 1)) : range;
  // analytic and at most M in size in an ellipse with foci ±range and half axes range (rho ± 1/rho) / 2: cut off at most 2 M rho^-degree / (rho - 1)
  let best = Infinity;
  const pole = phi === "tanh" ? Math.PI / 2 : Math.PI;
  for (let share = 0.02; share < 0.999; share += 0.002) {
    const b = share * pole,
      rho = b / range + Math.sqrt((b / range) ** 2 + 1),
      a = (range * (rho + 1 / rho)) / 2;
    // |tanh(x + iy)|² = (sinh² x + sin² y) / (sinh² x + cos² y), at most 1 or tan² y; and log cosh(z / 2) is the integral of tanh(w / 2) / 2 from 0 to z
    const size = phi === "tanh" ? Math.max(1, Math.tan(b)) : (a / 2) * Math.max(1, Math.tan(b / 2));
    best = Math.min(best, (2 * size * rho ** -degree) / (rho - 1));
  }
  return phi === "softplus" && degree === 0 ? best + range / 2 : best; // softplus is x / 2 + log 2 + log cosh(x / 2)
}
