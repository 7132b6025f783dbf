import { contractMode } from "../decompose";
import { orthonormalColumns } from "../linalg";
import { transpose, type Matrix, type Tensor } from "../tensor";
import { leadingOf } from "./fit-part";
import { rowsOf, type FlatPart } from "./part";

/** Orthonormal columns that span the vectors of a kind; none where all of its slices are zero. */
export const spanOf = ({ vectors, slices }: FlatPart): Matrix =>
  slices.data.some((value) => value !== 0)
    ? orthonormalColumns(vectors)
    : { shape: [vectors.shape[0], 0], data: new Float64Array() };

/**
 * One sweep over the kinds. With the vectors of all kinds fixed, the best slices of all kinds together leave as
 * residual the tensor projected, in every mode, onto the complement of that mode's vectors. So slices are eliminated:
 * in turn, the vectors of a kind become the leading left singular vectors of the tensor projected on the complements of
 * all others. No other vectors of this kind, with any slices of all kinds, leave a smaller error.
 *
 * Entries of x that are missing are imputed, and take their values from the model again after each kind (expectation
 * maximization).
 *
 * @param before - orthonormal columns for every kind, none for one without slices
 * @see Golub & Pereyra (1973), The differentiation of pseudo-inverses and nonlinear least squares problems whose
 * variables separate, SIAM J. Numer. Anal. 10, 413: elimination of the linear variables
 */
export function jointSweep(
  { shape, data: given }: Tensor,
  mask: Float64Array | undefined,
  ranks: readonly number[],
  before: readonly Matrix[],
): FlatPart[] {
  const spans = [...before],
    filled = mask ? given.slice() : given;
  for (const [mode, rank] of ranks.entries()) {
    if (rank === 0) continue;
    const others = spans.reduce((y: Tensor, span, k) => (k === mode ? y : outside(y, span, k)), {
      shape,
      data: filled,
    });
    spans[mode] = leadingOf(others, rank, mode);
    if (!mask) continue;
    const { data } = outside(others, spans[mode], mode);
    for (let i = 0; i < data.length; i++) if (mask[i] === 0) filled[i] -= data[i];
  }
  let rest: Tensor = { shape, data: filled };
  return spans.map((vectors, mode): FlatPart => {
    const slices = contractMode(rest, vectors, mode);
    if (mode < shape.length - 1) rest = minus(rest, slices, vectors, mode);
    return { vectors, slices: rowsOf(slices, mode) };
  });
}

/** x less its projection on a span in one mode. */
const outside = (x: Tensor, span: Matrix, mode: number): Tensor =>
  span.shape[1] === 0 ? x : minus(x, contractMode(x, span, mode), span, mode);

function minus({ shape, data }: Tensor, inside: Tensor, span: Matrix, mode: number): Tensor {
  if (span.shape[1] === 0) return { shape, data };
  const part = contractMode(inside, transpose(span), mode).data;
  const rest = new Float64Array(data.length);
  for (let i = 0; i < rest.length; i++) rest[i] = data[i] - part[i];
  return { shape, data: rest };
}
