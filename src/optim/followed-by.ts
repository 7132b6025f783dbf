import { fail, isRecord, readOptions, show, type FieldsOf } from "../base";
import type { Params } from "../tensor";
import { spanOf } from "./chain";
import {
  checkStep,
  checkTransform,
  describeOptimizer,
  nameOf,
  type DescribedSearch,
  type GradientTransform,
  type OptimizerDescription,
  type TransformKind,
  type Update,
} from "./transform";

/** When one optimizer is followed by the other. */
export interface FollowedByOptions {
  /** updates that the first one makes; default 100 */
  readonly after?: number;
}

/** The memory of {@link followedBy}: updates made so far, and what the optimizer whose turn it is remembers. */
export interface FollowedByMemory {
  readonly step: number;
  readonly inner: unknown;
}

const table = { after: { is: "whole number", least: 1, fallback: 100 } } as const satisfies FieldsOf<FollowedByOptions>;

/**
 * One optimizer for a number of updates, then another to the end, which starts anew at the current parameters: for
 * instance Adam far from the minimum, then L-BFGS.
 *
 * @param first - one without a line search, whose end would end the run
 * @throws {@link LtrnnError} for what is no transform, a first one that searches along lines, and numbers out of range
 * @remarks The cost is that of the current optimizer.
 * @see Nocedal & Wright (2006), Numerical Optimization, section 3.3: quasi-Newton steps are efficient near a minimum
 * @example followedBy(sgd(0.1), lbfgs(), { after: 9 }).name
 * // "followedBy(chain(scaleByRate(0.1)), lbfgs(10, 1, 0.0001, 0.9, 20), 9)"
 */
export function followedBy(
  first: GradientTransform,
  next: GradientTransform,
  options?: FollowedByOptions,
): DescribedSearch<FollowedByMemory> {
  return make("followedBy", first, next, options);
}

function make(
  where: string,
  first: GradientTransform,
  next: GradientTransform,
  options: FollowedByOptions | undefined,
): DescribedSearch<FollowedByMemory> {
  checkTransform(where, "first", first);
  checkTransform(where, "next", next);
  const { after } = readOptions<FollowedByOptions, typeof table>(where, options, table);
  if (first.searches)
    fail(where, {
      expected: "a first optimizer that takes gradients as they come, such as adam(0.01)",
      got: `${first.name}, which ends the run where it finds no lower point`,
      fix: "Put the line search second.",
    });
  const description = { kind: "followedBy", first: describeOptimizer(first), next: describeOptimizer(next), after };
  return {
    name: nameOf(description),
    description,
    span: spanOf([first, next]),
    ...(next.searches ? { searches: true, searchesAfter: after + (next.searchesAfter ?? 0) } : {}),
    init: (params) => ({ step: 0, inner: first.init(params) }),
    async update(gradients, memory, params, context): Promise<Update<FollowedByMemory>> {
      checkStep(where, memory);
      const { step } = memory,
        turn = step < after ? first : next,
        inner = step === after ? next.init(params) : memory.inner,
        [updates, remembered, ending] = await turn.update(gradients, inner, params, context),
        later = { step: step + 1, inner: remembered };
      return ending ? [updates, later, ending] : [updates, later];
    },
  };
}

export const followedByKind: TransformKind = {
  kind: "followedBy",
  make(
    where,
    {
      first,
      next,
      ...options
    }: FollowedByOptions & { readonly first: OptimizerDescription; readonly next: OptimizerDescription },
    again,
  ) {
    for (const [name, part] of Object.entries({ first, next }))
      if (!isRecord(part)) fail(where, { expected: `${name}, the description of an optimizer`, got: show(part), fix });
    return make(where, again(first), again(next), options);
  },
  fits: (memory: unknown, _params: Params) =>
    isRecord(memory) && Number.isInteger(memory.step) && (memory.step as number) >= 0 && "inner" in memory,
};

const fix = "Pass the description of an optimizer that this library made.";
