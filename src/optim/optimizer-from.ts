import { fail, isRecord, readOptions, show, type FieldsOf } from "../base";
import { accumulateOf } from "./accumulate";
import { chainOf } from "./chain";
import { clipByNormOf } from "./clip-by-norm";
import { scaleByAdamOf } from "./scale-by-adam";
import { scaleByRateOf } from "./scale-by-rate";
import { checkComplete } from "./schedule";
import { scheduleOf } from "./schedule-from";
import type { OptimizerDescription, DescribedTransform } from "./transform";

type Maker<K> = (
  where: string,
  numbers: Omit<Extract<OptimizerDescription, { kind: K }>, "kind">,
  depth: number,
) => DescribedTransform;

const chainTable = { of: { is: "checked", check: checkList, needed: true } } as const satisfies FieldsOf<{
  of: readonly OptimizerDescription[];
}>;
const customTable = { name: { is: "text", needed: true } } as const satisfies FieldsOf<{ name: string }>;

/** What makes each kind of transform from its numbers: a new kind is a row. */
const makers: { readonly [K in OptimizerDescription["kind"]]: Maker<K> } = {
  chain: (where, given, depth) => {
    const { of } = readOptions(where, given, chainTable, "description");
    const parts = Array.from(of, (part) => optimizerOf(where, part, depth + 1));
    return chainOf(where, parts);
  },
  scaleByRate: (where, { rate, ...rest }) => scaleByRateOf(where, { ...rest, rate: scheduleOf(where, rate) }),
  clipByNorm: clipByNormOf,
  accumulate: accumulateOf,
  scaleByAdam: (where, numbers) => scaleByAdamOf(where, numbers),
  custom: (where, given) => {
    const { name } = readOptions(where, given, customTable, "description");
    return fail(where, {
      expected: "the description of an optimizer of the library's",
      got: `that of the custom transform ${show(name)}, whose functions are not in it`,
      fix: "Name the optimizer itself: its code must come from where it was written.",
    });
  },
};

/**
 * An optimizer from its description, with the same behavior to the bit: what a snapshot carries, and what can be sent
 * to another thread or machine.
 *
 * @throws {@link LtrnnError} for a description with a custom part, and for what is no description
 * @example optimizerFrom(structuredClone(adam(1e-3).description)).name // "chain(scaleByAdam(0.9, 0.999, 1e-8), scaleByRate(0.001))"
 */
export const optimizerFrom = (description: OptimizerDescription): DescribedTransform =>
  optimizerOf("optimizerFrom", description);

/** Deeper chains of chains are refused: a description that contains itself has no end. */
const deepest = 50;

export function optimizerOf(where: string, description: OptimizerDescription, depth = 0): DescribedTransform {
  const kind: unknown = isRecord(description) ? description.kind : undefined;
  if (typeof kind !== "string" || !Object.hasOwn(makers, kind) || depth > deepest)
    fail(where, {
      expected: `the description of an optimizer, of kind ${Object.keys(makers).join(", ")}`,
      got:
        depth > deepest
          ? "chains within chains without end"
          : kind === undefined
            ? show(description)
            : `kind ${show(kind)}`,
      fix: "Pass the description of an optimizer that this library made.",
    });
  const { kind: _, ...numbers } = description;
  const transform = (makers[kind as "custom"] as Maker<string>)(where, numbers as never, depth);
  checkComplete(where, description, transform.description);
  return transform;
}

function checkList(where: string, name: string, of: unknown): void {
  if (!Array.isArray(of))
    fail(where, {
      expected: `${name} to be an array of descriptions`,
      got: show(of),
      fix: "Pass the description of an optimizer that this library made.",
    });
}
