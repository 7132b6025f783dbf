import { checkWhole, fail } from "../base";
import { checkFinite, checkSameShape, checkTensor, gram, mttkrp, transpose, zeros, type Matrix, type Tensor } from "../tensor";
import { solveSymmetric } from "../linalg";
import { checkCp, gramOfOthers, type Cp } from "./cp";

/**
 * New slices along one mode, such as new trials, in terms of components found before: the rows that the mode's factor would have for them, by least squares with
 * every other factor as it is. They are in the scale of `cp.factors[mode]`, so that slice k is `sum_r weights_r rows[k, r] a_r ∘ b_r ∘ ...`.
 *
 * @param newSlices - a tensor of the sizes of the model, but for the size of `mode`
 * @param mask - 1 observed, 0 missing; each row is then fitted to the observed entries of its slice
 * @returns (new slices × rank)
 * @throws {@link LtrnnError} when sizes differ, an observed entry is not finite, or a slice has no observed entry
 * @remarks O(entries · rank), with a mask O(entries · rank²). Where components are dependent in the other modes, the rows of least norm.
 * @example transform({ weights: tensor([1], [2]), factors: [tensor([2, 1], [1, 0]), tensor([1, 1], [1])] }, tensor([2, 1], [6, 0]), 1).data // Float64Array [3], up to rounding
 */
export function transform(cp: Cp, newSlices: Tensor, mode: number, mask?: Tensor): Matrix {
  checkCp("transform", cp);
  checkTensor("transform", "newSlices", newSlices);
  checkWhole("transform", "mode", mode, 0, cp.factors.length - 1);
  const { weights: { data: weights }, factors } = cp, rank = weights.length, count = newSlices.shape[mode];
  const got = newSlices.shape.join(" × "), want = factors.map((f, n) => (n === mode ? "any" : f.shape[0])).join(" × ");
  if (newSlices.shape.length !== factors.length || factors.some((f, n) => n !== mode && f.shape[0] !== newSlices.shape[n])) fail("transform", { expected: `slices of shape ${want}`, got, fix: "Order modes as in the tensor that was decomposed." });
  if (mask) checkSameShape("transform", "mask", mask, newSlices.shape);
  checkFinite("transform", "newSlices", newSlices, mask);
  // the weights go with a factor that is not asked for
  const carrier = mode === 0 ? 1 : 0, weighted = factors.map((f, n): Matrix => (n === mode ? zeros([count, rank]) : n === carrier ? { shape: f.shape, data: f.data.map((x, at) => x * weights[at % rank]) } : f));
  if (!mask) return transpose(solveSymmetric(gramOfOthers(weighted.map(gram), mode), transpose(mttkrp(newSlices, weighted, mode))).x);
  const zeroed = { shape: newSlices.shape, data: newSlices.data.map((x, at) => (mask.data[at] === 0 ? 0 : x)) }, products = mttkrp(zeroed, weighted, mode), out = zeros([count, rank]);
  const squares = weighted.map((f, n): Matrix => ({ shape: [f.shape[0], rank * rank], data: n === mode ? new Float64Array(count * rank * rank) : Float64Array.from({ length: f.shape[0] * rank * rank }, (_, at) => f.data[Math.floor(at / rank / rank) * rank + (Math.floor(at / rank) % rank)] * f.data[Math.floor(at / rank / rank) * rank + (at % rank)]) }));
  const normals = mttkrp(mask, squares, mode);
  for (let k = 0; k < count; k++) {
    const normal: Matrix = { shape: [rank, rank], data: normals.data.slice(k * rank * rank, (k + 1) * rank * rank) };
    if (!seen(mask, mode, k)) fail("transform", { expected: "an observed entry in every new slice", got: `a mask of zeros at index ${k} of mode ${mode}`, fix: "Leave that slice out." });
    out.data.set(solveSymmetric(normal, { shape: [rank, 1], data: products.data.slice(k * rank, (k + 1) * rank) }).x.data, k * rank);
  }
  return out;
}

function seen({ shape, data }: Tensor, mode: number, k: number): boolean {
  const right = shape.slice(mode + 1).reduce((product, n) => product * n, 1);
  return data.some((observed, at) => observed !== 0 && Math.floor(at / right) % shape[mode] === k);
}
