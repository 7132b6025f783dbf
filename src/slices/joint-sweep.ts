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
 * all others. With those, no vectors of this kind and slices of any kind leave a smaller error.
 *
 * Entries of x that are missing are imputed, and take their values from the model again between kinds (expectation
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
    slices: Tensor[] = [],
    last = shape.length - 1;
  let filled = given,
    rest: Tensor = { shape, data: filled }; // projected on the complements of the spans found so far
  for (const [mode, rank] of ranks.entries()) {
    let stale = mode; // the first kind whose slices are not those of `filled`
    if (rank > 0) {
      const others = spans.reduce((y: Tensor, span, k) => (k > mode ? outside(y, span, k) : y), rest);
      spans[mode] = leadingOf(others, rank, mode);
      if (mask && mode < last) {
        const { data: residual } = outside(others, spans[mode], mode);
        filled = filled.map((value, i) => (mask[i] === 0 ? value - residual[i] : value));
        rest = { shape, data: filled };
        stale = 0;
      }
    }
    for (let k = stale; k <= mode; k++) {
      slices[k] = contractMode(rest, spans[k], k);
      if (k < last) rest = minus(rest, slices[k], spans[k], k);
    }
  }
  return spans.map((vectors, mode) => ({ vectors, slices: rowsOf(slices[mode], mode) }));
}

/** x less its projection on a span in one mode. */
const outside = (x: Tensor, span: Matrix, mode: number): Tensor =>
  span.shape[1] === 0 ? x : minus(x, contractMode(x, span, mode), span, mode);

function minus({ shape, data }: Tensor, inside: Tensor, span: Matrix, mode: number): Tensor {
  if (span.shape[1] === 0) return { shape, data };
  const part = contractMode(inside, transpose(span), mode).data,
    rest = new Float64Array(data.length);
  for (let i = 0; i < rest.length; i++) rest[i] = data[i] - part[i];
  return { shape, data: rest };
}
