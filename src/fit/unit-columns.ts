import { zeros, type Matrix } from "../tensor";

/**
 * A matrix with its columns scaled to unit length, beside the adjoint: `d = (dq - q (q' dq)) / length`, column by column. A column of zeros stays so.
 */
export function unitColumns(m: Matrix): { readonly q: Matrix; adjoint(dq: Matrix): Matrix } {
  const [rows, columns] = m.shape;
  const lengths = new Float64Array(columns);
  for (let at = 0; at < m.data.length; at++) lengths[at % columns] += m.data[at] * m.data[at];
  const inverse = lengths.map((squares) => (squares > 0 ? 1 / Math.sqrt(squares) : 0));
  const q: Matrix = { shape: m.shape, data: m.data.map((x, at) => x * inverse[at % columns]) };
  return {
    q,
    adjoint(dq) {
      const along = new Float64Array(columns),
        d = zeros([rows, columns]);
      for (let at = 0; at < q.data.length; at++) along[at % columns] += q.data[at] * dq.data[at];
      for (let at = 0; at < q.data.length; at++)
        d.data[at] = (dq.data[at] - q.data[at] * along[at % columns]) * inverse[at % columns];
      return d;
    },
  };
}
