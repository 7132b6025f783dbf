import { fail, show } from "../base";
import { checkTensor, indexOf, type Tensor3, type Vector } from "../tensor";

/** dt / tau of a run, one for all units or one for each (units). */
export type Alpha = number | Vector;

function checkAlpha(where: string, name: string, alpha: unknown): void {
  const given = typeof alpha === "object" && alpha !== null;
  if (given) checkTensor(where, name, alpha, 1);
  const { shape, data } = given ? (alpha as Vector) : { shape: [1], data: [alpha] },
    bad = Array.from(data as ArrayLike<unknown>).findIndex((a) => !(Number.isFinite(a) && (a as number) > 0));
  if (bad >= 0)
    fail(where, {
      expected: `${name} to be a finite number above 0, or a vector of them`,
      got: `${show(data[bad])}${given ? ` at index [${indexOf(shape, bad)}]` : ""}`,
      fix: "Pass what backpropagate gives.",
    });
}

export const alphaField = { is: "checked", check: checkAlpha, needed: true } as const;

/**
 * Adjoints and one alpha whose product with the rates is the same gradient, `diag(alpha) Lambda H'`: where units
 * differ, adjoints times their alpha, and 1.
 */
export function withOneAlpha(
  where: string,
  adjoints: Tensor3,
  alpha: Alpha,
): { readonly adjoints: Tensor3; readonly alpha: number } {
  if (typeof alpha === "number") return { adjoints, alpha };
  const units = adjoints.shape[2];
  if (alpha.shape[0] !== units)
    fail(where, {
      expected: `alpha of ${units} units, as adjoints`,
      got: String(alpha.shape[0]),
      fix: "Pass adjoints, rates and alpha of one run.",
    });
  return {
    adjoints: { shape: adjoints.shape, data: adjoints.data.map((value, i) => value * alpha.data[i % units]) },
    alpha: 1,
  };
}
