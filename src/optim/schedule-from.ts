import { fail, isRecord, show } from "../base";
import { checkComplete, checkRate, type Schedule, type ScheduleDescription, type ScheduleKind } from "./schedule";
import { cosineDecayKind } from "./schedules";

/**
 * A schedule from its description; a number is itself.
 *
 * @throws {@link LtrnnError} for a custom schedule, and for what is no description
 * @example scheduleFrom(cosineDecay(1, { steps: 10 }).description)(5) // 0.5
 */
export const scheduleFrom = (description: number | ScheduleDescription): Schedule =>
  scheduleOf("scheduleFrom", description);

export function scheduleOf(where: string, description: number | ScheduleDescription): Schedule {
  if (typeof description === "number") {
    checkRate(where, "rate", description);
    return description;
  }
  const known = kinds().find(({ kind }) => isRecord(description) && description.kind === kind);
  if (known) {
    const { kind: _, ...numbers } = description;
    const schedule = known.make(where, numbers as never);
    checkComplete(where, description, schedule.description);
    return schedule;
  }
  if (isRecord(description) && description.kind === "custom")
    return fail(where, {
      expected: "the description of a schedule of the library's",
      got: `that of the custom schedule ${show(description.name)}, which is a function`,
      fix: "Name the optimizer with this function as its rate.",
    });
  return fail(where, {
    expected: 'a rate, or the description of a schedule such as { kind: "cosineDecay", peak, steps, warmup, floor }',
    got: isRecord(description)
      ? `a record of kind ${show((description as { kind?: unknown }).kind)}`
      : show(description),
    fix: "Pass the description of a schedule that this library made.",
  });
}

/** Every kind of schedule of the library. */
const kinds = (): readonly ScheduleKind[] => [cosineDecayKind];
