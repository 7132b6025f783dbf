import { readOptions, type FieldsOf } from "../base";
import { activations } from "../kernels";
import type { Setting, Some } from "./network";

/** What every key of a setting may be, and its default: those of `defaultSetting`. */
export const settingFields = {
  tau: { is: "number", above: 0, fallback: 1 },
  phi: { is: "name", of: activations, fallback: "tanh" },
  reads: { is: "name", of: ["rates", "states"], fallback: "rates" },
} as const satisfies FieldsOf<Setting>;

/** A setting with its defaults filled in, or an error in the name of `where`. */
export const readSetting = (where: string, given: Some<Setting> | undefined): Setting =>
  readOptions<Some<Setting>, typeof settingFields>(where, given, settingFields, "setting");
