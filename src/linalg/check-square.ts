import { fail } from "../base";
import { checkFinite, checkTensor, type Matrix, shapeText } from "../tensor";

/** Refuse what is no square matrix of finite numbers. */
export function checkSquare(where: string, name: string, m: Matrix): void {
  checkTensor(where, name, m, 2);
  if (m.shape[0] !== m.shape[1])
    fail(where, {
      expected: `${name} to be square`,
      got: shapeText(m.shape),
      fix: `Pass ${name} with as many rows as columns.`,
    });
  checkFinite(where, name, m);
}
