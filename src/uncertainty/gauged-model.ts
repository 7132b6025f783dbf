import type { LowTensorRankFit } from "../fit";
import { firstColumns } from "../linalg";
import type { LowTensorRankRNN } from "../models";
import type { Matrix } from "../tensor";

/** A fitted network with columns of a and b of unit length, so that trial factors have their scale. */
export interface GaugedModel {
  readonly model: LowTensorRankRNN;
  /** trial factors of what changes over trials (trials × rank) */
  readonly factors: Matrix;
  /** what the fit's trial factors were multiplied by to get them */
  readonly scales: readonly number[];
}

export function gaugedModel({ model, rank }: LowTensorRankFit): GaugedModel {
  const { a, b, c } = model.params,
    lengths = (m: Matrix) => {
      const squares = new Float64Array(m.shape[1]);
      for (let index = 0; index < m.data.length; index++) squares[index % m.shape[1]] += m.data[index] * m.data[index];
      return Array.from(squares, (sum) => Math.sqrt(sum) || 1); // a column of zeros stays so
    };
  const [ofA, ofB] = [lengths(a), lengths(b)],
    scales = ofA.map((length, r) => length * ofB[r]),
    scaled = scaledColumns(c, (r) => scales[r]);
  return {
    model: model.with({
      params: {
        a: scaledColumns(a, (r) => 1 / ofA[r]),
        b: scaledColumns(b, (r) => 1 / ofB[r]),
        c: scaled,
      },
    }),
    factors: firstColumns(scaled, rank),
    scales: scales.slice(0, rank),
  };
}

export const scaledColumns = ({ shape, data }: Matrix, scaleOf: (column: number) => number): Matrix => ({
  shape,
  data: data.map((x, index) => x * scaleOf(index % shape[1])),
});
