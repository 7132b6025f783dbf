import { Matrix as MlMatrix } from "ml-matrix";
import { checkFinite, checkTensor, zeros, type Matrix } from "../tensor";

/** Ours as ml-matrix's, a copy. NaN and infinities are refused: its loops would not end. */
export function toMl(where: string, name: string, m: Matrix): MlMatrix {
  checkTensor(where, name, m, 2);
  checkFinite(where, name, m);
  const [rows, columns] = m.shape;
  return new MlMatrix(
    Array.from({ length: rows }, (_, i) => m.data.subarray(i * columns, (i + 1) * columns)) as unknown as number[][],
  );
}

/** ml-matrix's as ours, a copy. */
export function fromMl(m: MlMatrix): Matrix {
  const out = zeros([m.rows, m.columns]);
  for (let i = 0, at = 0; i < m.rows; i++) for (let j = 0; j < m.columns; j++, at++) out.data[at] = m.get(i, j);
  return out;
}
