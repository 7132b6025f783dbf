import { Matrix as MlMatrix } from "ml-matrix";
import { type Matrix, zeros } from "../tensor";

/** A finite matrix as one of ml-matrix's, a copy. */
export function toMl({ shape: [rows, columns], data }: Matrix): MlMatrix {
  return new MlMatrix(
    Array.from({ length: rows }, (_, i) => Array.from(data.subarray(i * columns, (i + 1) * columns))),
  );
}

/** One of ml-matrix's as ours, a copy. */
export function fromMl(m: MlMatrix): Matrix {
  const out = zeros([m.rows, m.columns]);
  for (let i = 0; i < m.rows; i++) for (let j = 0; j < m.columns; j++) out.data[i * m.columns + j] = m.get(i, j);
  return out;
}
