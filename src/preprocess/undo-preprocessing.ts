import { fail, isRecord, show } from "../base";
import { checkTensor, shapeText, type Shape, type Tensor } from "../tensor";
import type { Preprocessed, PreprocessingStep } from "./preprocessed";

/**
 * A tensor in the units from before its preprocessing: the preprocessed tensor itself, or a prediction of it by a
 * model.
 *
 * @param x - (… × units), any tensor of as many units
 * @param steps - what was done, first to last; default the steps recorded in x
 * @returns the tensor with every step reversed, last to first
 * @throws {@link LtrnnError} when there are no steps, one is smoothing (which cannot be reversed), or the numbers of
 * units disagree
 * @remarks O(entries · steps). Up to rounding, `undoPreprocessing(zScore(x))` is x.
 * @example undoPreprocessing(zScore(tensor([2, 1], [3, 5]))).data // Float64Array [3, 5]
 */
export function undoPreprocessing<S extends Shape>(
  x: Tensor<S> | Preprocessed<S>,
  steps: readonly PreprocessingStep[] = (x as Partial<Preprocessed> | undefined)?.steps ?? [],
): Tensor<S> {
  const where = "undoPreprocessing";
  checkTensor(where, "x", x);
  if (!Array.isArray(steps) || steps.length === 0)
    fail(where, {
      expected: "steps to take back",
      got: show(steps),
      fix: "Pass what zScore or softNormalize gave, or its steps as second argument.",
    });
  const data = x.data.slice();
  for (const step of [...steps].reverse()) takeBack(where, step, x.shape, data);
  return { shape: x.shape, data };
}

function takeBack(where: string, step: PreprocessingStep, shape: Shape, data: Float64Array): void {
  const { kind } = (isRecord(step) ? step : {}) as { readonly kind?: unknown };
  if (kind === "smooth")
    fail(where, {
      expected: "steps that can be taken back",
      got: "smooth, which loses what it removes",
      fix: "Keep the tensor from before smoothing; or pass only the steps after it.",
    });
  if (kind !== "zScore" && kind !== "softNormalize")
    fail(where, {
      expected: "steps of zScore or softNormalize",
      got: show(step),
      fix: "Pass the steps that the preprocessed tensor carries.",
    });
  const given = step as Extract<PreprocessingStep, { kind: "zScore" | "softNormalize" }>,
    scales = given.kind === "zScore" ? given.deviations : given.scales,
    means = given.kind === "zScore" ? given.means : Array.from(scales ?? [], () => 0),
    units = shape.at(-1) ?? 0;
  const numbers = (list: unknown) => Array.isArray(list) && list.length === units && list.every(Number.isFinite);
  if (!numbers(scales) || !numbers(means))
    fail(where, {
      expected: `numbers of ${units} units in every step, as x ${shapeText(shape)} has`,
      got: `${Array.isArray(scales) ? scales.length : show(scales)} in a step of ${kind}`,
      fix: "Pass a tensor of the same units, in the same order.",
    });
  for (let i = 0; i < data.length; i++) data[i] = data[i] * scales[i % units] + means[i % units];
}
