import { fail, isRecord, schema, show } from "../base";

type Plain = Readonly<Record<string, unknown>>;

/** What brings a result from the form of its index to the next one. */
const steps = (): readonly ((result: Plain) => Plain)[] => [staticWeights];

const keysOfProvenance = ["by", "version", "seed", "options", "facts"];

/**
 * A saved result in today's form: a record whose `provenance` says in which form it was saved. Others are left as they
 * are.
 *
 * @param where - the public function that reads it
 */
export function migrateResult(where: string, record: object): object {
  const { provenance } = record as { readonly provenance?: unknown };
  if (!isRecord(provenance) || !keysOfProvenance.every((key) => Object.hasOwn(provenance, key))) return record;
  const from = (provenance.schema ?? 0) as number;
  if (!Number.isInteger(from) || from < 0 || from > schema)
    fail(where, {
      expected: `a result of ${show(provenance.by)} in a form from 0 to ${schema}`,
      got: `${show(from)}, saved by ltrnn ${show(provenance.version)}`,
      fix: "Install that version of ltrnn or a later one.",
    });
  if (from === schema) return record;
  const now = steps()
    .slice(from)
    .reduce((result, step) => step(result), record as Plain);
  return { ...now, provenance: { ...(now.provenance as Plain), schema } };
}

/** From 0 to 1: the static part of recurrent weights is called `static` by a connectivity, and was `fixed`. */
function staticWeights(result: Plain): Plain {
  const provenance = result.provenance as Plain,
    facts = provenance.facts;
  return {
    ...result,
    ...(result.objective === undefined ? {} : { objective: renamed(result.objective) }),
    provenance:
      isRecord(facts) && facts.objective !== undefined
        ? { ...provenance, facts: { ...facts, objective: renamed(facts.objective) } }
        : provenance,
  };
}

function renamed(objective: unknown): unknown {
  if (!isRecord(objective) || !isRecord(objective.connectivity) || !("fixed" in objective.connectivity))
    return objective;
  const { fixed, ...connectivity } = objective.connectivity;
  return { ...objective, connectivity: { ...connectivity, static: fixed } };
}
