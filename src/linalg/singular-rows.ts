/** Singular values, decreasing, with their vectors as rows. */
export interface SingularRows {
  readonly values: Float64Array;
  /** (values × rows of the matrix) */
  readonly left: Float64Array;
  /** (values × columns of the matrix) */
  readonly right: Float64Array;
}

/** The indices of numbers from the largest to the smallest; equal ones stay in their order. */
export const decreasing = (values: Float64Array): number[] =>
  Array.from(values, (_, i) => i).sort((i, j) => values[j] - values[i]);

/** Rows in another order. */
export function selectRows(m: Float64Array, order: readonly number[], width: number): Float64Array {
  const out = new Float64Array(order.length * width);
  order.forEach((from, to) => {
    out.set(m.subarray(from * width, (from + 1) * width), to * width);
  });
  return out;
}
