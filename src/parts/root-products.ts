import { zeros, type Matrix } from "../tensor";

/** `L z` and its adjoint, over the columns that are not zero in a row: those of its epoch, up to the diagonal. */
export interface RootProducts {
  /** adds to c (trials × rank) */
  addTo(c: Matrix, z: Matrix): void;
  /** L' dc, (columns × rank) */
  adjoint(dc: Matrix): Matrix;
}

export function rootProducts({ shape: [trials, columns], data: l }: Matrix): RootProducts {
  const begin = new Int32Array(trials),
    end = new Int32Array(trials);
  for (let k = 0; k < trials; k++) {
    const row = l.subarray(k * columns, (k + 1) * columns);
    end[k] = row.findLastIndex((x) => x !== 0) + 1;
    begin[k] = Math.max(
      0,
      row.findIndex((x) => x !== 0),
    );
  }
  return {
    addTo(c, z) {
      const rank = z.shape[1];
      for (let k = 0; k < trials; k++)
        for (let r = 0; r < rank; r++) {
          let sum = c.data[k * rank + r];
          for (let j = begin[k]; j < end[k]; j++) sum += l[k * columns + j] * z.data[j * rank + r];
          c.data[k * rank + r] = sum;
        }
    },
    adjoint(dc) {
      const rank = dc.shape[1],
        z = zeros([columns, rank]);
      for (let k = 0; k < trials; k++)
        for (let r = 0; r < rank; r++) {
          const g = dc.data[k * rank + r];
          for (let j = begin[k]; j < end[k]; j++) z.data[j * rank + r] += l[k * columns + j] * g;
        }
      return z;
    },
  };
}
