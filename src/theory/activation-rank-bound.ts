import { checkWhole, fail, provenance, show } from "../base";
import type { HoldingBound } from "./rank-bound";

/** The largest degree and dimension that are accepted. */
const mostDegree = 100_000;

/**
 * A bound on the dimension of rates under a polynomial activation: where all states lie in `dimension` dimensions and
 * phi is a polynomial of degree `degree`, rates lie in at most `binom(dimension + degree, degree)`; for an odd
 * polynomial in `sum over odd j <= degree of binom(dimension + j - 1, j)`.
 *
 * @param dimension - at most 100000, as is the degree
 * @param parity - "odd" for a polynomial of odd powers only
 * @throws {@link LtrnnError} when sizes are not whole numbers, or the count is above 2^53
 * @remarks O(degree).
 * @see docs/theory.md C3
 * @example [activationRankBound(2, 3).atMost, activationRankBound(2, 3, "odd").atMost] // [10, 6]
 */
export function activationRankBound(dimension: number, degree: number, parity: "any" | "odd" = "any"): HoldingBound {
  const where = "activationRankBound";
  if (parity !== "any" && parity !== "odd")
    fail(where, { expected: 'parity to be "any" or "odd"', got: show(parity), fix: "Name one of the two." });
  return monomialBound(where, dimension, degree, parity);
}

/** The bound of {@link activationRankBound}, for the function `where`. */
export function monomialBound(where: string, dimension: number, degree: number, parity: "any" | "odd"): HoldingBound {
  checkWhole(where, "dimension", dimension, 0, mostDegree);
  checkWhole(where, "degree", degree, 0, mostDegree);
  const atMost = monomials(where, dimension, degree, parity);
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

/** The number of monomials of degree at most `degree` in `dimension` variables, all or only those of odd degree. */
function monomials(where: string, dimension: number, degree: number, parity: "any" | "odd"): number {
  const most = BigInt(Number.MAX_SAFE_INTEGER);
  let total = 0n,
    ofDegree = 1n; // binom(dimension + j - 1, j)
  for (let j = 0; j <= degree && ofDegree > 0n; j++) {
    if (parity === "any" || j % 2 === 1) total += ofDegree;
    if (total > most)
      fail(where, {
        expected: "fewer than 2^53 monomials",
        got: `more, in ${dimension} dimensions at degree ${degree}`,
        fix: "Lower the degree or the dimension: a bound above the number of units says nothing.",
      });
    ofDegree = (ofDegree * BigInt(dimension + j)) / BigInt(j + 1);
  }
  return Number(total);
}
