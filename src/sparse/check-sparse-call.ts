import { checkWhole, fail } from "../base";
import { sizeOf } from "../tensor";
import { checkSparse, type SparseTensor } from "./sparse-tensor";

/** The most rows of all factors together: a tensor with few entries must not need gigabytes. */
const mostRows = 33554432;

/** Refuse what is not a sparse tensor of two modes or more, and a rank that it cannot have. */
export function checkSparseCall(where: string, x: SparseTensor, rank: number): void {
  checkSparse(where, x);
  if (x.shape.length < 2 || x.shape.includes(0))
    fail(where, {
      expected: "a tensor of two modes or more, none of them empty",
      got: `shape (${x.shape.join(" × ")})`,
      fix: "A vector is its own decomposition; leave empty modes out.",
    });
  const rows = x.shape.reduce((sum, size) => sum + size, 0);
  if (rows > mostRows)
    fail(where, {
      expected: `sizes that add up to at most ${mostRows}, a row of factors for each index`,
      got: `shape (${x.shape.join(" × ")})`,
      fix: "Number the indices that occur anew, from zero on without gaps.",
    });
  checkWhole(where, "rank", rank, 1, sizeOf(x.shape) / Math.max(...x.shape));
}
