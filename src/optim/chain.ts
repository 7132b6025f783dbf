import { fail, readOptions, show, type FieldsOf } from "../base";
import type { Params } from "../tensor";
import {
  checkTransform,
  describeOptimizer,
  nameOf,
  preserved,
  type DescribedSearch,
  type DescribedTransform,
  type Ending,
  type GradientTransform,
  type OptimizerDescription,
  type Span,
  type SyncTransform,
  type TransformKind,
  type Update,
} from "./transform";

/**
 * One transform after another. It preserves the span of gradients if all its parts do.
 *
 * @throws {@link LtrnnError} without parts, for a part that is not a transform, and for a line search together with
 * other parts
 * @example chain(clipByNorm(1), sgd(0.1)).span.preserved // true
 */
export function chain(...parts: readonly SyncTransform[]): DescribedTransform<unknown[]>;
export function chain(...parts: readonly GradientTransform[]): DescribedSearch<unknown[]>;
export function chain(...parts: readonly GradientTransform[]): DescribedSearch<unknown[]> {
  for (const [i, part] of parts.entries()) checkTransform("chain", `part ${i + 1}`, part);
  return chainOf("chain", parts);
}

export function chainOf(where: string, parts: readonly SyncTransform[]): DescribedTransform<unknown[]>;
export function chainOf(where: string, parts: readonly GradientTransform[]): DescribedSearch<unknown[]>;
export function chainOf(where: string, parts: readonly GradientTransform[]): DescribedSearch<unknown[]> {
  if (parts.length === 0)
    fail(where, { expected: "at least one transform in a chain", got: "none", fix: "Pass sgd, adam or another." });
  const search = parts.find((part) => part.searches);
  if (search && parts.length > 1)
    fail(where, {
      expected: `${search.name} alone: it searches the loss itself, and ends where it has evaluated it`,
      got: `it in a chain of ${parts.length}`,
      fix: "Use it as the optimizer; what another part would add belongs into the objective.",
    });
  const description = { kind: "chain", of: parts.map(describeOptimizer) } as const;
  return {
    name: nameOf(description),
    description,
    span: spanOf(parts),
    ...(search ? { searches: true } : {}),
    init: (params) => parts.map((part) => part.init(params)),
    update(gradients, memory, params, context) {
      if (!Array.isArray(memory) || memory.length !== parts.length)
        fail("chain", {
          expected: `memory of ${parts.length} parts`,
          got: Array.isArray(memory) ? String(memory.length) : typeof memory,
          fix: "Pass the memory that init or the update before gave.",
        });
      const from = (first: number, given: Params, before: readonly unknown[]): ReturnType<typeof this.update> => {
        let updates = given,
          ending: Ending | undefined;
        const kept = [...before];
        for (let i = first; i < parts.length; i++) {
          const update = parts[i].update(updates, memory[i], params, context);
          if (isPromise(update))
            return update.then(async ([later, remembered, end]) => {
              const [rest, memories, more] = await from(i + 1, later, [...kept, remembered]);
              return withEnding(rest, memories, end ?? ending ?? more);
            });
          updates = update[0];
          kept.push(update[1]);
          ending ??= update[2];
        }
        return withEnding(updates, kept, ending);
      };
      return from(0, gradients, []);
    },
  };
}

const isPromise = (update: Update<unknown> | Promise<Update<unknown>>): update is Promise<Update<unknown>> =>
  "then" in update;

/** That of the first part that leaves the span; else whatever decays in any part does. */
export function spanOf(parts: readonly GradientTransform[]): Span {
  const names = new Set<string>();
  let all = false;
  for (const { span } of parts) {
    if (!span.preserved) return span;
    if (span.decays === "all") all = true;
    else for (const name of span.decays ?? []) names.add(name);
  }
  return all || names.size > 0 ? { preserved: true, decays: all ? "all" : [...names] } : preserved;
}

const withEnding = (updates: Params, memory: unknown[], ending: Ending | undefined): Update<unknown[]> =>
  ending ? [updates, memory, ending] : [updates, memory];

const table = { of: { is: "checked", check: checkList, needed: true } } as const satisfies FieldsOf<{
  of: readonly OptimizerDescription[];
}>;

export const chainKind: TransformKind = {
  kind: "chain",
  make(where, numbers: { readonly of: readonly OptimizerDescription[] }, again) {
    const { of } = readOptions(where, numbers, table, "description");
    return chainOf(
      where,
      Array.from(of, (part) => again(part)),
    );
  },
};

function checkList(where: string, name: string, of: unknown): void {
  if (!Array.isArray(of))
    fail(where, {
      expected: `${name} to be an array of descriptions`,
      got: show(of),
      fix: "Pass the description of an optimizer that this library made.",
    });
}
