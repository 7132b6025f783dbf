import { fail, show } from "../base";
import { finiteMatrix } from "../tensor";

/** A whole number of at least 0, or a finite matrix. */
export function countOrMatrix(where: string, name: string, value: unknown): void {
  if (typeof value === "object" && value !== null) finiteMatrix(where, name, value);
  else if (!Number.isInteger(value) || (value as number) < 0)
    fail(where, {
      expected: `${name} to be a whole number of at least 0, or a matrix`,
      got: show(value),
      fix: `Pass how many ${name} there are, or the matrix whose rank counts.`,
    });
}

/** Refuse a matrix that is not square. */
export function checkSquare(
  where: string,
  name: string,
  { shape: [rows, columns] }: { readonly shape: readonly number[] },
): void {
  if (rows !== columns)
    fail(where, {
      expected: `${name} to be square (units × units)`,
      got: `(${rows} × ${columns})`,
      fix: "Row = postsynaptic unit, column = presynaptic unit.",
    });
}
