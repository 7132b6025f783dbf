import { fail, isRecord, show } from "../base";
import { checkTensor, type Matrix, type Tensor, type Vector } from "../tensor";
import { checkCp, type Cp } from "./cp";
import { weightsInLast } from "./cp-products";

/**
 * A CP decomposition as the arrays that Python saves: hand them to `writeNpz`. "tensorly" is what `numpy.savez(file,
 * cp.weights, *cp.factors)` writes for a CPTensor, arr_0 being the weights; "tensortools" what `numpy.savez(file,
 * *ktensor.factors)` writes for a KTensor, which has no weights: they go to the last factor.
 *
 * @throws {@link LtrnnError} when the layout has another name, or weights and factors disagree
 * @example Object.keys(cpToArrays({ weights: tensor([1], [2]), factors: [tensor([2, 1], [1, 0]), tensor([1, 1],
 * [1])] }, "tensorly")) // ["arr_0", "arr_1", "arr_2"]
 */
export function cpToArrays(cp: Cp, layout: "tensorly" | "tensortools"): Record<string, Tensor> {
  if (layout !== "tensorly" && layout !== "tensortools")
    fail("cpToArrays", {
      expected: 'layout to be "tensorly" or "tensortools"',
      got: show(layout),
      fix: "Name one of the two.",
    });
  checkCp("cpToArrays", cp);
  const arrays: readonly Tensor[] =
    layout === "tensorly" ? [cp.weights, ...cp.factors] : weightsInLast("cpToArrays", cp);
  return Object.fromEntries(arrays.map((array, i) => [`arr_${i}`, array]));
}

/**
 * A CP decomposition from the arrays of either layout of {@link cpToArrays}, as `readNpz` gives them: where arr_0 is a
 * vector it is the weights.
 *
 * @throws {@link LtrnnError} when arrays are missing, or are no factors of one rank
 * @example cpFromArrays({ arr_0: tensor([2, 1], [1, 0]), arr_1: tensor([1, 1], [3]) }).weights.data // Float64Array [1]
 */
export function cpFromArrays(arrays: Readonly<Record<string, Tensor>>): Cp {
  const record: unknown = arrays;
  if (!isRecord(record))
    fail("cpFromArrays", {
      expected: "a record of arrays { arr_0, arr_1, … }",
      got: show(record),
      fix: "Pass what readNpz gives.",
    });
  const numbered = Object.keys(arrays).filter((name) => /^arr_\d{1,9}$/.test(name));
  if (numbered.length === 0)
    fail("cpFromArrays", {
      expected: "arrays arr_0, arr_1, ...",
      got: Object.keys(arrays).slice(0, 10).join(", ") || "none",
      fix: "Save them with numpy.savez(file, cp.weights, *cp.factors), without names.",
    });
  const other = Object.keys(arrays).find((name) => !numbered.includes(name));
  if (other !== undefined)
    fail("cpFromArrays", {
      expected: "arrays arr_0, arr_1, … and no others",
      got: `one called ${other.slice(0, 40)}`,
      fix: 'Read the arrays of the CP alone: readNpz(bytes, { only: ["arr_0", "arr_1", …] }).',
    });
  const list = numbered.map((_, i) => {
    if (!Object.hasOwn(arrays, `arr_${i}`))
      fail("cpFromArrays", {
        expected: `arrays arr_0 to arr_${numbered.length - 1}`,
        got: `no arr_${i}`,
        fix: "Pass all arrays of the file, as they are numbered in it.",
      });
    const array = arrays[`arr_${i}`];
    checkTensor("cpFromArrays", `arr_${i}`, array);
    return { shape: array.shape, data: array.data };
  });
  const weighted = list[0].shape.length === 1,
    factors = (weighted ? list.slice(1) : list) as Matrix[];
  for (const [mode, f] of factors.entries()) checkTensor("cpFromArrays", `factor ${mode}`, f, 2);
  if (factors.length === 0)
    fail("cpFromArrays", { expected: "factors after the weights", got: "none", fix: "Save the factors too." });
  const rank = factors[0].shape[1],
    weights = weighted ? (list[0] as Vector) : { shape: [rank] as const, data: new Float64Array(rank).fill(1) };
  checkCp("cpFromArrays", { weights, factors }, "the arrays");
  return { weights, factors };
}
