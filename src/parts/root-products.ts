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
  /** z += row k of L over these columns, times dc */
  function addRow(z: Float64Array, dc: Float64Array, rank: number, k: number, from: number, to: number): void {
    for (let j = from; j < to; j++) {
      const weight = l[k * columns + j];
      for (let r = 0; r < rank; r++) z[j * rank + r] += weight * dc[k * rank + r];
    }
  }
  return {
    addTo({ data: c }, { shape: [, rank], data: z }) {
      // four components side by side, since a sum waits for its last addition; past the last, the last again
      for (let r = 0; r < rank; r += 4) {
        const [second, third, fourth] = [1, 2, 3].map((more) => Math.min(r + more, rank - 1));
        for (let k = 0; k < trials; k++) {
          const to = k * rank;
          let [s0, s1, s2, s3] = [c[to + r], c[to + second], c[to + third], c[to + fourth]];
          for (let j = begin[k], from = j * rank; j < end[k]; j++, from += rank) {
            const weight = l[k * columns + j];
            s0 += weight * z[from + r];
            s1 += weight * z[from + second];
            s2 += weight * z[from + third];
            s3 += weight * z[from + fourth];
          }
          c[to + r] = s0;
          c[to + second] = s1;
          c[to + third] = s2;
          c[to + fourth] = s3;
        }
      }
    },
    adjoint({ shape: [, rank], data: dc }) {
      const { shape, data: z } = zeros([columns, rank]),
        whole = trials - (trials % 4);
      // four rows at once over the columns that they share; every sum runs over the trials in their order
      for (let k = 0; k < whole; k += 4) {
        const from = Math.max(begin[k], begin[k + 1], begin[k + 2], begin[k + 3]),
          to = Math.max(from, Math.min(end[k], end[k + 1], end[k + 2], end[k + 3]));
        for (let row = k; row < k + 4; row++) {
          addRow(z, dc, rank, row, begin[row], Math.min(from, end[row]));
          addRow(z, dc, rank, row, Math.max(to, begin[row]), end[row]);
        }
        for (let r = 0; r < rank; r++) {
          const [g0, g1, g2, g3] = [
            dc[k * rank + r],
            dc[(k + 1) * rank + r],
            dc[(k + 2) * rank + r],
            dc[(k + 3) * rank + r],
          ];
          for (let j = from, at = k * columns + from, place = from * rank + r; j < to; j++, at++, place += rank)
            z[place] =
              z[place] + l[at] * g0 + l[at + columns] * g1 + l[at + 2 * columns] * g2 + l[at + 3 * columns] * g3;
        }
      }
      for (let k = whole; k < trials; k++) addRow(z, dc, rank, k, begin[k], end[k]);
      return { shape, data: z };
    },
  };
}
