import { fail, show } from "../base";
import { checkMatrices, checkMemory, type Extrapolation } from "../decompose";
import { checkCp, rescaled, weightsInLast } from "../factored";
import type { Matrix } from "../tensor";
import { nested, type CoupledModel } from "./coupled-problem";
import type { CoupledCpResult } from "./coupled-result";
import type { TensorInside } from "./tensors-inside";

/** Where a run starts from an earlier result. */
export interface GivenState {
  readonly model: CoupledModel;
  /** the memory of the earlier run; undefined where its tensors, weights or constraints were different */
  readonly resumed?: Pick<CoupledCpResult, "errors" | "relativeError"> & { readonly memory: Extrapolation };
}

/** The call that an earlier result is given to. */
interface Now {
  readonly inside: readonly TensorInside[];
  readonly shared: readonly number[];
  readonly rank: number;
  /** of every tensor, in the unit of the caller */
  readonly norms: readonly number[];
  /** weights and constraints, as in the provenance of a result */
  readonly settings: { readonly weights: readonly number[]; readonly constraints: object };
}

/**
 * An earlier result of the same tensors, under the same weights and constraints, is resumed with the factors of its
 * last sweep and the memory of its extrapolation; of any other result, the models are the start.
 */
export function givenState(where: string, start: CoupledCpResult, now: Now): GivenState {
  const model = modelOf(where, start.models, now);
  if (!("extrapolation" in start)) return { model };
  checkState(where, start, now);
  const { raw, errors, relativeError, extrapolation, provenance } = start,
    { weights, constraints } = provenance?.options ?? {},
    earlier = JSON.stringify({ weights, constraints }),
    modes = now.inside.map(({ x }) => x.shape.length);
  if (!extrapolation.of.every((norm, i) => norm === now.norms[i]) || earlier !== JSON.stringify(now.settings))
    return { model };
  return { model: nested(raw, modes), resumed: { errors, relativeError, memory: { ...extrapolation, of: 0 } } };
}

/** Refuse an earlier result that was changed by hand. */
function checkState(where: string, start: CoupledCpResult, { inside, rank }: Now): void {
  const { raw, extrapolation, errors, relativeError } = start,
    rows = [...inside.flatMap(({ x }) => x.shape.slice(0, -1)), inside[0].x.shape[inside[0].x.shape.length - 1]];
  const refuse = (expected: string, got: unknown): never =>
    fail(where, { expected, got: show(got), fix: "Pass a result of coupledCp as start, as it was, or leave it out." });
  const checkList = (name: string, list: unknown): void => checkMatrices(where, refuse, name, list, rows, rank);
  const checkNumbers = (name: string, list: unknown): void => {
    if (!Array.isArray(list) || list.length !== inside.length || !list.every((value) => value >= 0))
      refuse(`start.${name} to be ${inside.length} numbers of at least 0`, list);
  };
  checkList("raw", raw);
  checkMemory(refuse, extrapolation, rank);
  checkList("extrapolation.previous", extrapolation.previous);
  checkNumbers("extrapolation.of", extrapolation.of);
  checkNumbers("errors", errors);
  if (!(relativeError >= 0)) refuse("start.relativeError of at least 0", relativeError);
}

/** The models of an earlier result as factors, the shared one last and the weights in an own one. */
function modelOf(
  where: string,
  models: readonly unknown[],
  { inside: data, shared, rank }: Pick<Now, "inside" | "shared" | "rank">,
): CoupledModel {
  if (models.length !== data.length)
    fail(where, {
      expected: `${data.length} models in start`,
      got: String(models.length),
      fix: "Start from a result of these tensors.",
    });
  let common: Matrix | undefined;
  const factors = data.map(({ x, unit }, i) => {
    const model = models[i] as Parameters<typeof checkCp>[1];
    checkCp(where, model, `start.models[${i}]`);
    const list = model.factors,
      own = list.filter((_, mode) => mode !== shared[i]),
      want = x.shape.map((size) => `${size} × ${rank}`).join(", "),
      got = [...own, list[shared[i]] ?? { shape: ["none"] }].map(({ shape }) => shape.join(" × ")).join(", ");
    if (got !== want)
      fail(where, {
        expected: `factors ${want} in start, the shared one last`,
        got,
        fix: "Start from a result of these tensors.",
      });
    common ??= list[shared[i]];
    const scaled = weightsInLast(where, { weights: model.weights, factors: own });
    return [...scaled.slice(0, -1), rescaled(scaled[scaled.length - 1], -unit) as Matrix, common];
  });
  return { factors };
}
