import { matmul, transpose, zeros, type Matrix } from "../tensor";

/**
 * Vectors in the span of the column factors, one for each row of their coefficients: `V = coefficients A'`, so that
 * inputs, bias and initial states drive only directions that recurrence reaches.
 *
 * @param coefficients - (vectors × rank)
 * @param a - column factors (units × rank)
 * @returns (vectors × units), and the adjoint `dCoefficients = dV A`, `dA = dV' coefficients`
 * @see Pellegrino, Cayco Gajic & Chadwick (2023), NeurIPS 36: the in-space inputs of their code
 */
export function inColumnSpan(
  coefficients: Matrix,
  a: Matrix,
): readonly [vectors: Matrix, adjoint: (dVectors: Matrix) => { readonly coefficients: Matrix; readonly a: Matrix }] {
  if (coefficients.shape[0] === 0) {
    const none = { coefficients: zeros([0, a.shape[1]]), a: zeros(a.shape) };
    return [zeros([0, a.shape[0]]), () => none];
  }
  return [
    matmul(coefficients, transpose(a)),
    (dVectors) => ({ coefficients: matmul(dVectors, a), a: matmul(transpose(dVectors), coefficients) }),
  ];
}
