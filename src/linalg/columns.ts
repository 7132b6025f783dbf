import { type Matrix, zeros } from "../tensor";

/** The first columns of a matrix, a copy. */
export function firstColumns({ shape: [rows, columns], data }: Matrix, count: number): Matrix {
  const out = zeros([rows, count]);
  for (let i = 0; i < rows; i++) out.data.set(data.subarray(i * columns, i * columns + count), i * count);
  return out;
}
