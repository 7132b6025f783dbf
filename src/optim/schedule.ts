import { fail, show } from "../base";

/** A learning rate, or one that depends on the updates made so far, from 0. */
export type Schedule = number | ScheduleFunction;

/** The rate after so many updates. */
export interface ScheduleFunction {
  (step: number): number;
  /** absent: a custom schedule, known by the name of the function */
  readonly description?: ScheduleDescription;
}

/**
 * A schedule as plain data: `scheduleFrom` makes it again from kind and numbers, unless it is custom: then it has a
 * name.
 */
export interface ScheduleDescription {
  readonly kind: string;
  readonly [number: string]: unknown;
}

/** What a file of the library's says about its schedule, for those who hold a description of it. */
export interface ScheduleKind {
  readonly kind: string;
  make(where: string, numbers: never): ScheduleFunction & { readonly description: ScheduleDescription };
}

/** A schedule as plain data. */
export const describeSchedule = (schedule: Schedule): number | ScheduleDescription =>
  typeof schedule === "number"
    ? schedule
    : (schedule.description ?? { kind: "custom", name: schedule.name || "schedule" });

/** Refuse what is no learning rate and no schedule. */
export function checkRate(where: string, name: string, value: unknown): void {
  if (typeof value === "function" || (typeof value === "number" && Number.isFinite(value) && value >= 0)) return;
  fail(where, {
    expected: `${name} to be a finite number at least 0, or a function of the step`,
    got: show(value),
    fix: "Pass a learning rate such as 0.01, or a schedule such as cosineDecay.",
  });
}

/** Refuse a description that lacks a number: the defaults of another version may have been others. */
export function checkComplete(where: string, description: object, complete: object): void {
  const given = Object.entries(description).filter(([, value]) => value !== undefined);
  const missing = Object.keys(complete).find((key) => !given.some(([name]) => name === key));
  if (missing !== undefined)
    fail(where, {
      expected: `${missing} in the description`,
      got: `only ${given.map(([name]) => name).join(", ")}`,
      fix: "Pass the description as this library made it.",
    });
}
