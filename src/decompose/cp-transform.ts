import { checkWhole, fail } from "../base";
import { checkFinite, checkSameShape, checkTensor, sizeOf, zeros, type Matrix, type Tensor } from "../tensor";
import { leastSquares } from "./alternation";
import { checkCp, type Cp } from "./cp";
import { maskedLeastSquares } from "./masked";

/**
 * New slices along one mode, such as new trials, in terms of components found before: the rows that the mode's factor would have for them, by least squares with
 * every other factor as it is. They are in the scale of `cp.factors[mode]`, so that slice k is `sum_r weights_r rows[k, r] a_r ∘ b_r ∘ ...`.
 *
 * @param newSlices - a tensor of the sizes of the model, but for the size of `mode`
 * @param mask - 1 observed, 0 missing; each row is then fitted to the observed entries of its slice
 * @returns (new slices × rank)
 * @throws {@link LtrnnError} when sizes differ, the model has one mode, an observed entry is not finite, or a slice has no observed entry
 * @remarks O(entries · rank), with a mask O(entries · rank²). Where components are dependent in the other modes, the rows of least norm.
 * @example transform({ weights: tensor([1], [2]), factors: [tensor([2, 1], [1, 0]), tensor([1, 1], [1])] }, tensor([2, 1], [6, 0]), 1).data // Float64Array [3], up to rounding
 */
export function transform(cp: Cp, newSlices: Tensor, mode: number, mask?: Tensor): Matrix {
  checkCp("transform", cp);
  if (cp.factors.length < 2)
    fail("transform", {
      expected: "a model of two modes or more",
      got: String(cp.factors.length),
      fix: "A vector is its own decomposition.",
    });
  checkTensor("transform", "newSlices", newSlices);
  checkWhole("transform", "mode", mode, 0, cp.factors.length - 1);
  const {
      weights: { data: weights },
      factors,
    } = cp,
    rank = weights.length,
    count = newSlices.shape[mode];
  const got = newSlices.shape.join(" × "),
    want = factors.map((f, n) => (n === mode ? "any" : f.shape[0])).join(" × ");
  if (
    newSlices.shape.length !== factors.length ||
    factors.some((f, n) => n !== mode && f.shape[0] !== newSlices.shape[n])
  )
    fail("transform", {
      expected: `slices of shape ${want}`,
      got,
      fix: "Order modes as in the tensor that was decomposed.",
    });
  if (mask) checkSameShape("transform", "mask", mask, newSlices.shape);
  checkFinite("transform", "newSlices", newSlices, mask);
  const empty = mask ? emptySlice(mask, mode) : -1;
  if (empty >= 0)
    fail("transform", {
      expected: "an observed entry in every new slice",
      got: `a mask of zeros at index ${empty} of mode ${mode}`,
      fix: "Leave that slice out.",
    });
  // the weights go with a factor that is not asked for; then it is a sweep in which every other mode is fixed
  const carrier = mode === 0 ? 1 : 0,
    rows = factors.map(
      (f, n): Matrix =>
        n === mode
          ? zeros([count, rank])
          : n === carrier
            ? { shape: f.shape, data: f.data.map((x, at) => x * weights[at % rank]) }
            : f,
    );
  const demands = { ridge: 0, fixed: factors.map((_, n) => n).filter((n) => n !== mode) };
  (mask ? maskedLeastSquares(newSlices, mask, rank, demands) : leastSquares(newSlices, rank, demands)).sweep(rows);
  return rows[mode];
}

/** The first slice of which nothing is observed; -1 where there is none. */
function emptySlice({ shape, data }: Tensor, mode: number): number {
  const right = sizeOf(shape.slice(mode + 1)),
    seen = new Uint8Array(shape[mode]);
  for (let at = 0; at < data.length; at++) if (data[at] !== 0) seen[Math.floor(at / right) % shape[mode]] = 1;
  return seen.indexOf(0);
}
