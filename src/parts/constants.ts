import { zeros, type Matrix, type Shape, type Tensor, type Vector } from "../tensor";

/** The means of factors: one of each (rank), or one per epoch (epochs × rank). */
export type Constants = Vector | Matrix;

/**
 * `m`, at every trial, and its adjoint: the sum over the trials of each row. `rows` is undefined where all share one.
 */
export interface ConstantsPart {
  shape(rank: number): Shape;
  /** where they start: at 1 */
  start(rank: number): Constants;
  /** (trials × rank) */
  expand(m: Constants): Matrix;
  adjoint(dc: Matrix): Constants;
}

export function constantsOf(trials: number, rows: readonly number[] | undefined, count: number): ConstantsPart {
  const shape = (rank: number): Shape => (rows ? [count, rank] : [rank]),
    rowOf = rows ?? new Array<number>(trials).fill(0);
  const start = (rank: number) => {
    const m = zeros(shape(rank)) as Constants;
    m.data.fill(1);
    return m;
  };
  return {
    shape,
    start,
    expand: (m) => expandRows(m, rowOf),
    adjoint(dc) {
      const rank = dc.shape[1],
        m = zeros(shape(rank)) as Constants;
      for (let k = 0; k < trials; k++)
        for (let r = 0; r < rank; r++) m.data[rowOf[k] * rank + r] += dc.data[k * rank + r];
      return m;
    },
  };
}

/** A row of values for every trial. */
export function expandRows({ shape, data }: Tensor, rowOf: readonly number[]): Matrix {
  const rank = shape[shape.length - 1],
    c = zeros([rowOf.length, rank]);
  for (const [k, row] of rowOf.entries()) c.data.set(data.subarray(row * rank, (row + 1) * rank), k * rank);
  return c;
}
