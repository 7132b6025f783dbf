import { fail, isRecord, readOptions, show, type FieldsOf } from "../base";
import { kindOf, transformKinds } from "./kind-of";
import { checkComplete } from "./schedule";
import type { DescribedSearch, OptimizerDescription } from "./transform";

/**
 * An optimizer from its description, with the same behavior to the bit. Snapshots contain descriptions, which can be
 * sent to other threads or machines.
 *
 * @throws {@link LtrnnError} for a description with a custom part, and for what is no description
 * @example optimizerFrom(structuredClone(adam(1e-3).description)).name
 * // "chain(scaleByAdam(0.9, 0.999, 1e-8), scaleByRate(0.001))"
 */
export const optimizerFrom = (description: OptimizerDescription): DescribedSearch =>
  optimizerOf("optimizerFrom", description);

/** Deeper chains of chains are refused: a description that contains itself has no end. */
const deepest = 50;

export function optimizerOf(where: string, description: OptimizerDescription, depth = 0): DescribedSearch {
  const kind: unknown = isRecord(description) ? description.kind : undefined,
    known = kindOf(kind);
  if (kind === "custom") refuseCustom(where, description);
  if (!known || depth > deepest)
    fail(where, {
      expected: `the description of an optimizer, of kind ${transformKinds()
        .map((one) => one.kind)
        .join(", ")}`,
      got:
        depth > deepest
          ? "chains within chains without end"
          : kind === undefined
            ? show(description)
            : `kind ${show(kind)}`,
      fix: "Pass the description of an optimizer that this library made.",
    });
  const { kind: _, ...numbers } = description;
  const transform = known.make(where, numbers as never, (part) => optimizerOf(where, part, depth + 1));
  checkComplete(where, description, transform.description);
  return transform;
}

const customTable = { name: { is: "text", needed: true } } as const satisfies FieldsOf<{ name: string }>;

function refuseCustom(where: string, { kind: _, ...given }: OptimizerDescription): never {
  const { name } = readOptions<{ name?: string }, typeof customTable>(where, given, customTable, "description");
  return fail(where, {
    expected: "the description of an optimizer of the library's",
    got: `that of the custom transform ${show(name)}, whose functions are not in it`,
    fix: "Name the optimizer itself: its code must come from where it was written.",
  });
}
