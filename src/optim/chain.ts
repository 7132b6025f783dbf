import { fail } from "../base";
import type { Params } from "../tensor";
import { describeOptimizer } from "./resume";
import {
  checkTransform,
  nameOf,
  preserved,
  type DescribedTransform,
  type GradientTransform,
  type SyncTransform,
  type Update,
} from "./transform";

type DescribedChain = GradientTransform<unknown[]> & Pick<DescribedTransform, "description">;

/**
 * One transform after another. It preserves the span of gradients if all its parts do.
 *
 * @throws {@link LtrnnError} without parts, and for a part that is no transform
 * @example chain(clipByNorm(1), sgd(0.1)).span.preserved // true
 */
export function chain(...parts: readonly SyncTransform[]): DescribedTransform<unknown[]>;
export function chain(...parts: readonly GradientTransform[]): DescribedChain;
export function chain(...parts: readonly GradientTransform[]): DescribedChain {
  for (const [i, part] of parts.entries()) checkTransform("chain", `part ${i + 1}`, part);
  return chainOf("chain", parts);
}

export function chainOf(where: string, parts: readonly SyncTransform[]): DescribedTransform<unknown[]>;
export function chainOf(where: string, parts: readonly GradientTransform[]): DescribedChain;
export function chainOf(where: string, parts: readonly GradientTransform[]): DescribedChain {
  if (parts.length === 0)
    fail(where, { expected: "at least one transform in a chain", got: "none", fix: "Pass sgd, adam or another." });
  const description = { kind: "chain", of: parts.map(describeOptimizer) } as const;
  return {
    name: nameOf(description),
    description,
    span: parts.find((part) => !part.span.preserved)?.span ?? preserved,
    init: (params) => parts.map((part) => part.init(params)),
    update(gradients, memory, params, context) {
      if (!Array.isArray(memory) || memory.length !== parts.length)
        fail("chain", {
          expected: `memory of ${parts.length} parts`,
          got: Array.isArray(memory) ? String(memory.length) : typeof memory,
          fix: "Pass the memory that init or the update before gave.",
        });
      const from = (first: number, given: Params, before: readonly unknown[]): ReturnType<typeof this.update> => {
        let updates = given;
        const kept = [...before];
        for (let i = first; i < parts.length; i++) {
          const update = parts[i].update(updates, memory[i], params, context);
          if (isPromise(update)) return update.then(([later, remembered]) => from(i + 1, later, [...kept, remembered]));
          updates = update[0];
          kept.push(update[1]);
        }
        return [updates, kept];
      };
      return from(0, gradients, []);
    },
  };
}

const isPromise = (update: Update<unknown> | Promise<Update<unknown>>): update is Promise<Update<unknown>> =>
  "then" in update;
