import { fail, isRecord, powerOfTwo, powerOfTwoBelow, readOptions, show, type FieldsOf } from "../base";
import { mapParams, type Params, type Tensor } from "../tensor";
import {
  checkGradients,
  checkTransform,
  nameOf,
  type DescribedSearch,
  type GradientTransform,
  type OptimizerDescription,
  type TransformKind,
  type Update,
  type UpdateContext,
} from "./transform";

/** When {@link scaleByCurvature} evaluates the curvature. */
export interface CurvatureScaleOptions {
  /** updates between the first two evaluations; every interval is twice as long as the one before. Default 20 */
  readonly first?: number;
}

/** The memory of {@link scaleByCurvature}. */
export interface CurvatureScaleMemory {
  /** updates made so far */
  readonly step: number;
  /** what parameters are multiplied by; null before the first update */
  readonly scales: Params | null;
  /** of the transform of scaled parameters, since they were last scaled anew */
  readonly inner: unknown;
}

const table = { first: { is: "whole number", least: 1, most: 1e9, fallback: 20 } } as const satisfies FieldsOf<
  Omit<CurvatureScaleOptions, "of">
>;

/**
 * Scales parameters so that the curvature of the loss is about the same along each of them, for another transform, such
 * as `lbfgs()`: `p' = s p` with s the root of the curvature that the objective gives. Curvature is evaluated before the
 * first update and after 20, 60, 140, 300 … updates; then the other transform starts anew. Scales are powers of two, so
 * scaling has no rounding errors: scale-invariant transforms give the same bits with it.
 *
 * @throws {@link LtrnnError} for what is no transform, and at an update for an objective that does not give its
 * curvature
 * @remarks The cost is that of the objective's curvature, about log2(steps / first) times.
 * @see Nocedal & Wright (2006), Numerical Optimization, section 2.2 on scaling
 * @example scaleByCurvature(lbfgs()).name // "scaleByCurvature(lbfgs(10, 1, 0.0001, 0.9, 20), 20)"
 */
export function scaleByCurvature(
  transform: GradientTransform,
  options?: CurvatureScaleOptions,
): DescribedSearch<CurvatureScaleMemory> {
  const where = "scaleByCurvature";
  checkTransform(where, "transform", transform);
  return make(where, transform, options);
}

function make(
  where: string,
  inner: GradientTransform,
  options: CurvatureScaleOptions | undefined,
): DescribedSearch<CurvatureScaleMemory> {
  const { first } = readOptions<CurvatureScaleOptions, typeof table>(where, options, table),
    of = inner.description ?? { kind: "custom", name: inner.name },
    description = { kind: "scaleByCurvature", of, first };
  return {
    name: nameOf(description),
    description,
    span: { preserved: false, because: "parameters are scaled one by one" },
    searches: true,
    init: () => ({ step: 0, scales: null, inner: null }),
    async update(gradients, memory, params, context) {
      checkGradients("scaleByCurvature", gradients);
      checkMemoryOf(memory);
      const moved = trained(params, gradients),
        anew = memory.scales === null || isLook(memory.step, first);
      const scales = anew ? scalesFrom(await curvatureAt(context, params), moved) : (memory.scales as Params),
        p = times(moved, scales),
        before = anew ? inner.init(p) : memory.inner;
      const [updates, after, ending] = await inner.update(
        over(gradients, scales),
        before,
        p,
        within(context, params, scales),
      );
      const next = { step: memory.step + 1, scales, inner: after };
      return [over(updates, scales), next, ...(ending ? [ending] : [])] as unknown as Update<CurvatureScaleMemory>;
    },
  };
}

export const scaleByCurvatureKind: TransformKind = {
  kind: "scaleByCurvature",
  make(where, { of, ...options }: CurvatureScaleOptions & { readonly of: OptimizerDescription }, again) {
    return make(where, again(of), options);
  },
  free: ["first"],
  fits: (memory) => isMemory(memory),
};

/** Whether curvature is looked at before this update: when first, 3 first, 7 first … were made. */
function isLook(step: number, first: number): boolean {
  let look = first;
  for (let span = 2 * first; look < step; span *= 2) look += span;
  return look === step;
}

/** The curvature of the objective, by the names of its parameters. */
async function curvatureAt(context: UpdateContext | undefined, params: Params): Promise<Params> {
  if (context?.curvature) return context.curvature(params);
  return fail("scaleByCurvature", {
    expected: "an objective that tells its curvature, as that of a fit does",
    got: "one that does not",
    fix: "Take lbfgs() or adam(rate) here.",
  });
}

/** An entry counts as curved at least as much as this share of the mean of its parameter. */
const withinParameter = 0.1;

/** And a parameter at least as much as this share of the most curved one. */
const amongParameters = 1e-3;

/** Powers of two below the root of the curvature, which is held away from 0. */
function scalesFrom(curvature: Params, params: Params): Params {
  const means = Object.fromEntries(Object.keys(params).map((name) => [name, meanOf(curvature[name])])),
    most = Object.values(means).reduce((largest, mean) => Math.max(largest, mean), 0);
  return mapParams(params, (data, name) => {
    const least = Math.max(means[name], amongParameters * most),
      entries = curvature[name]?.data;
    return data.map((_, i) => {
      const scale = Math.sqrt((1 - withinParameter) * (entries?.[i] ?? 0) + withinParameter * least);
      return Number.isFinite(scale) && scale > 0 ? powerOfTwo(powerOfTwoBelow(scale)) : 1;
    });
  });
}

function meanOf(x: Tensor | undefined): number {
  if (!x || x.data.length === 0) return 0;
  return x.data.reduce((sum, entry) => sum + entry, 0) / x.data.length;
}

/** The parameters that have gradients. */
const trained = (params: Params, gradients: Params): Params =>
  Object.fromEntries(Object.entries(params).filter(([name, p]) => p && gradients[name]));

const times = (params: Params, scales: Params): Params =>
  mapParams(params, (data, name) => {
    const scale = (scales[name] as Tensor).data,
      out = new Float64Array(data.length);
    for (let i = 0; i < data.length; i++) out[i] = data[i] * scale[i];
    return out;
  });

/** The inverse of `times` for parameters; what takes gradients and updates in scaled parameters to those in others. */
const over = (params: Params, scales: Params): Params =>
  mapParams(params, (data, name) => {
    const scale = scales[name]?.data;
    if (!scale) return data;
    const out = new Float64Array(data.length);
    for (let i = 0; i < data.length; i++) out[i] = data[i] / scale[i];
    return out;
  });

/** The objective of scaled parameters. */
function within(context: UpdateContext | undefined, params: Params, scales: Params): UpdateContext | undefined {
  return (
    context && {
      loss: context.loss,
      async evaluate(p) {
        const there = await context.evaluate({ ...params, ...over(p, scales) });
        return { ...there, gradients: over(there.gradients, scales) };
      },
    }
  );
}

const isMemory = (memory: unknown): memory is CurvatureScaleMemory =>
  isRecord(memory) &&
  Number.isInteger(memory.step) &&
  (memory.step as number) >= 0 &&
  (memory.scales === null || isRecord(memory.scales)) &&
  "inner" in memory;

function checkMemoryOf(memory: unknown): void {
  if (!isMemory(memory))
    fail("scaleByCurvature", {
      expected: "memory { step, scales, inner }",
      got: show(memory),
      fix: "Pass the memory that init or the update before gave, for the same parameters.",
    });
}
