import { fail } from "../base";
import { checkTensor, type Matrix } from "../tensor";

/** Refuse parameters of a prior with another number of rows. */
export function checkRows(where: string, name: string, x: Matrix, rows: number, of: string): void {
  checkTensor(where, name, x, 2);
  if (x.shape[0] !== rows)
    fail(where, {
      expected: `${name} (${rows} ${of} × rank)`,
      got: `(${x.shape.join(" × ")})`,
      fix: `Pass ${name} with one row for each of the ${rows} ${of}.`,
    });
}
