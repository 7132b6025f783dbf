import { zeros, type Matrix } from "../tensor";

/**
 * A matrix with its columns scaled to unit length, beside the adjoint: `dm = (dq - q (q' dq)) / length`, column by
 * column. A column of zeros stays so.
 */
export function normalizedColumns(m: Matrix): readonly [q: Matrix, adjoint: (dq: Matrix) => Matrix] {
  const [rows, columns] = m.shape,
    inverse = inverseLengths(m);
  const q: Matrix = { shape: m.shape, data: m.data.map((x, index) => x * inverse[index % columns]) };
  const adjoint = (dq: Matrix): Matrix => {
    const along = new Float64Array(columns),
      dm = zeros([rows, columns]);
    for (let index = 0; index < q.data.length; index++) along[index % columns] += q.data[index] * dq.data[index];
    for (let index = 0; index < q.data.length; index++) {
      const column = index % columns;
      dm.data[index] = (dq.data[index] - q.data[index] * along[column]) * inverse[column];
    }
    return dm;
  };
  return [q, adjoint];
}

/**
 * A matrix with some of its columns scaled to a root mean square of 1, the others as they are, beside the adjoint. A
 * column of zeros stays so.
 */
export function sizedColumns(
  m: Matrix,
  sized: readonly boolean[],
): readonly [q: Matrix, adjoint: (dq: Matrix) => Matrix] {
  const [rows, columns] = m.shape,
    size = Math.sqrt(rows),
    [unit, adjointOfUnit] = normalizedColumns(m);
  const mixed = (of: Matrix, others: Matrix): Matrix => ({
    shape: m.shape,
    data: of.data.map((x, index) => (sized[index % columns] ? size * x : others.data[index])),
  });
  return [mixed(unit, m), (dq) => mixed(adjointOfUnit(dq), dq)];
}

/** One over the length of each column; 0 for a column of zeros. */
function inverseLengths({ shape: [, columns], data }: Matrix): Float64Array {
  const squares = new Float64Array(columns);
  for (let index = 0; index < data.length; index++) squares[index % columns] += data[index] * data[index];
  return squares.map((sum) => (sum > 0 ? 1 / Math.sqrt(sum) : 0));
}
