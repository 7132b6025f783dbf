import { checkWhole, fail } from "../base";
import {
  checkCp,
  checkRange,
  columnUnits,
  inUnit,
  dividedColumns,
  rescaledColumns,
  timesPowerOfTwo,
  unitOf,
  type Cp,
} from "../factored";

import { checkFinite, checkMask, checkTensor, sizeOf, zeros, type Matrix, type Tensor } from "../tensor";
import { leastSquares } from "./als";
import { maskedLeastSquares } from "./masked-least-squares";
import { updateRows } from "./row-updates";
import { updateFactor } from "./update-factor";

/**
 * Express new slices along one mode, such as new trials, in terms of components found before: the rows that the mode's
 * factor would have for them, by least squares with all other factors fixed. They are in the scale of
 * `cp.factors[mode]`, so that slice k is `sum_r weights_r rows[k, r] a_r ∘ b_r ∘ ...`.
 *
 * @param newSlices - a tensor of the sizes of the model, but for the size of `mode`
 * @param mask - (as newSlices) 1 observed, 0 missing; each row is then fitted to the observed entries of its slice
 * @returns (new slices × rank)
 * @throws {@link LtrnnError} when sizes differ, the model has one mode, an observed entry is not finite, or a slice has
 * no observed entry
 * @remarks O(entries · rank), with a mask O(entries · rank²). Where components are linearly dependent in the other
 * modes, the rows are those of least norm.
 * @example transform({ weights: tensor([1], [2]), factors: [tensor([2, 1], [1, 0]), tensor([1, 1], [1])] }, tensor([2,
 * 1], [6, 0]), 1).data // Float64Array [3], up to rounding
 */
export function transform(cp: Cp, newSlices: Tensor, mode: number, mask?: Tensor): Matrix {
  checkTransform(cp, newSlices, mode, mask);
  const { x, unit, level } = inUnit("transform", newSlices, mask);
  const { factors } = cp,
    rank = cp.weights.shape[0],
    others = factors.map((_, n) => n).filter((n) => n !== mode);
  // the weights are multiplied into another factor; what remains is a sweep in which all other modes are fixed
  const carried = factors.map((f, n): Matrix => (n === mode ? zeros([newSlices.shape[mode], rank]) : f)),
    units = columnUnits(carried),
    weightUnit = Array.from(cp.weights.data, (weight) => unitOf(weight));
  const rows = carried.map((f, n) => dividedColumns(f, units[n]));
  const carrier = rows[others[0]];
  rows[others[0]] = {
    shape: carrier.shape,
    data: carrier.data.map((value, i) => value * timesPowerOfTwo(cp.weights.data[i % rank], -weightUnit[i % rank])),
  };
  const { size } = level,
    demands = { where: "transform", ridge: 0, fixed: others, constraints: [] },
    problem = mask
      ? maskedLeastSquares(x, mask, rank, { update: updateRows(demands), norm: size })
      : leastSquares(x, rank, { update: updateFactor(demands), norm: size });
  const { factors: swept } = problem.sweep({ factors: rows, weights: new Float64Array(rank).fill(1) });
  const found = rescaledColumns(
    swept[mode],
    weightUnit.map((exponent, r) => others.reduce((sum, n) => sum - units[n][r], unit - exponent)),
  );
  checkRange("transform", "rows", found.data);
  return found;
}

/** Refuse slices that are not of the model. */
function checkTransform(cp: Cp, newSlices: Tensor, mode: number, mask: Tensor | undefined): void {
  checkCp("transform", cp);
  const { factors } = cp;
  if (factors.length < 2)
    fail("transform", {
      expected: "a model of two modes or more",
      got: String(factors.length),
      fix: "A vector is its own decomposition.",
    });
  checkTensor("transform", "newSlices", newSlices);
  checkWhole("transform", "mode", mode, 0, factors.length - 1);
  const want = factors.map((f, n) => (n === mode ? "any" : f.shape[0])).join(" × ");
  if (
    newSlices.shape.length !== factors.length ||
    factors.some((f, n) => n !== mode && f.shape[0] !== newSlices.shape[n])
  )
    fail("transform", {
      expected: `slices of shape ${want}`,
      got: newSlices.shape.join(" × ") || "a tensor without modes",
      fix: "Order modes as in the tensor that was decomposed.",
    });
  if (newSlices.data.length === 0)
    fail("transform", {
      expected: "at least one new slice",
      got: newSlices.shape.join(" × "),
      fix: `Pass a tensor of slices with one index or more in mode ${mode}.`,
    });
  if (mask !== undefined) checkMask("transform", "mask", mask, newSlices.shape, "newSlices");
  checkFinite("transform", "newSlices", newSlices, mask);
  const empty = mask ? emptySlice(mask, mode) : -1;
  if (empty >= 0)
    fail("transform", {
      expected: "an observed entry in every new slice",
      got: `a mask of zeros at index ${empty} of mode ${mode}`,
      fix: "Leave that slice out.",
    });
}

/** The first slice of which nothing is observed; -1 where there is none. */
function emptySlice({ shape, data }: Tensor, mode: number): number {
  const right = sizeOf(shape.slice(mode + 1)),
    seen = new Uint8Array(shape[mode]);
  for (let i = 0; i < data.length; i++) if (data[i] !== 0) seen[Math.floor(i / right) % shape[mode]] = 1;
  return seen.indexOf(0);
}
