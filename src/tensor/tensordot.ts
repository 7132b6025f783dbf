import { fail, show } from "../base";
import { checkSameShape, checkTensor } from "./check";
import { contract } from "./mode-product";
import { permute } from "./permute";
import { sizeOf, type Tensor } from "./shape";
import { zerosFor } from "./tensor";

/**
 * The outer product of tensors: entry (i..., j...) of that of two is `a[i...] b[j...]`. Of vectors it is a component of
 * rank one.
 *
 * @param factors - at least one
 * @throws {@link LtrnnError} when one is not a tensor
 * @remarks O(entries of the result).
 * @example outer([tensor([2], [1, 2]), tensor([2], [3, 4])]).data // Float64Array [3, 4, 6, 8]
 */
export function outer(factors: readonly Tensor[]): Tensor {
  if (!Array.isArray(factors) || factors.length === 0)
    fail("outer", {
      expected: "an array of at least one tensor",
      got: show(factors),
      fix: "Pass such as [a, b].",
    });
  for (const [n, f] of Array.from(factors).entries()) checkTensor("outer", `factor ${n}`, f);
  return factors.slice(1).reduce((a: Tensor, b: Tensor) => {
    const out = zerosFor("outer", [...a.shape, ...b.shape]);
    for (let i = 0, to = 0; i < a.data.length; i++)
      for (let j = 0; j < b.data.length; j++, to++) out.data[to] = a.data[i] * b.data[j];
    return out;
  }, factors[0] as Tensor);
}

/**
 * The inner product of two tensors, the sum of the products of their entries.
 *
 * @throws {@link LtrnnError} when shapes differ
 * @example inner(tensor([2], [1, 2]), tensor([2], [3, 4])) // 11
 */
export function inner(a: Tensor, b: Tensor): number {
  checkTensor("inner", "a", a);
  checkSameShape("inner", "b", b, a.shape, "a");
  let sum = 0;
  for (let i = 0; i < a.data.length; i++) sum += a.data[i] * b.data[i];
  return sum;
}

/**
 * The contraction of modes of one tensor with modes of another, as `numpy.tensordot`: the modes that are left are those
 * of a, then those of b, in their order.
 *
 * @param modes - of a, and of b, in pairs of one size; empty lists give the outer product
 * @throws {@link LtrnnError} when modes repeat, are not modes of their tensor, or differ in size
 * @remarks O(entries of the result · entries of the contracted modes), and a copy of each.
 * @example tensordot(tensor([2, 2], [1, 2, 3, 4]), tensor([2], [1, 10]), [[1], [0]]).data // Float64Array [21, 43]
 */
export function tensordot(a: Tensor, b: Tensor, modes: readonly [readonly number[], readonly number[]]): Tensor {
  checkTensor("tensordot", "a", a);
  checkTensor("tensordot", "b", b);
  const given: unknown = modes,
    pair = Array.isArray(given) && given.length === 2 && given.every(Array.isArray);
  if (!pair || modes[0].length !== modes[1].length)
    fail("tensordot", {
      expected: "two lists of as many modes",
      got: show(given),
      fix: "Pass such as [[2], [0]]: mode 2 of a with mode 0 of b.",
    });
  const left = splitModes("a", a, modes[0]),
    right = splitModes("b", b, modes[1]);
  const [size, other] = [left.taken, right.taken].map((sizes) => sizes.join(" × "));
  if (size !== other)
    fail("tensordot", {
      expected: `modes of b of sizes ${size}, as those of a`,
      got: other,
      fix: "Pair modes of one size.",
    });
  const count = sizeOf(left.taken),
    rows = sizeOf(left.rest),
    columns = sizeOf(right.rest),
    matrix = permute(a, [...left.kept, ...modes[0]]).data,
    along = permute(b, [...modes[1], ...right.kept]).data;
  const product = contract(
    "tensordot",
    { shape: [count, columns], data: along },
    { shape: [rows, count], data: matrix },
    0,
  );
  return { shape: [...left.rest, ...right.rest], data: product.data };
}

/** The modes of a tensor that are contracted and those that are kept, with their sizes. */
function splitModes(name: string, { shape }: Tensor, modes: readonly number[]) {
  if (
    new Set(modes).size < modes.length ||
    !modes.every((mode) => Number.isInteger(mode) && mode >= 0 && mode < shape.length)
  )
    fail("tensordot", {
      expected: `modes of ${name} from 0 to ${shape.length - 1}, each once`,
      got: show(modes.map(show).join(", ")),
      fix: "Modes count from 0.",
    });
  const kept = [...shape.keys()].filter((mode) => !modes.includes(mode));
  return { kept, taken: modes.map((mode) => shape[mode]), rest: kept.map((mode) => shape[mode]) };
}
