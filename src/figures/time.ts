import type { FieldsOf } from "../base";

/** The unit of time within trials. */
export interface TimeOptions {
  /** the length of a time bin, or step; default 1 */
  readonly dt?: number;
  /** the unit of dt, such as "s"; default "": bins where dt is 1 */
  readonly timeUnit?: string;
}

export const timeFields = {
  dt: { is: "number", above: 0, fallback: 1 },
  timeUnit: { is: "text", fallback: "" },
} as const satisfies FieldsOf<TimeOptions>;

/** The title of an axis of time. */
export const timeTitle = ({ dt, timeUnit }: { readonly dt: number; readonly timeUnit: string }): string =>
  timeUnit ? `time (${timeUnit})` : dt === 1 ? "time bin" : "time";
