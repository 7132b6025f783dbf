import { fail, readOptions, show, type FieldsOf } from "../base";
import { checkActivation, describeActivation } from "../kernels";
import { checkTensor, indexOf, type Vector } from "../tensor";
import type { Setting, Some } from "./network";

/** What every key of a setting may be, and its default: those of `defaultSetting`. */
export const settingFields = {
  tau: { is: "checked", check: checkTau, fallback: 1 },
  phi: { is: "checked", check: checkActivation, fallback: "tanh" },
  reads: { is: "name", of: ["rates", "states"], fallback: "rates" },
} as const satisfies FieldsOf<Setting>;

function checkTau(where: string, name: string, tau: unknown): void {
  if (typeof tau === "object" && tau !== null) {
    checkTensor(where, name, tau, 1);
    const { shape, data } = tau as Vector,
      bad = data.findIndex((value) => !(Number.isFinite(value) && value > 0));
    if (bad >= 0)
      fail(where, {
        expected: `finite numbers above 0 in ${name}`,
        got: `${data[bad]} at index [${indexOf(shape, bad)}]`,
        fix: "Give every unit a time constant.",
      });
  } else if (!Number.isFinite(tau) || (tau as number) <= 0)
    fail(where, {
      expected: `${name} to be a finite number above 0, or a vector of one for every unit`,
      got: show(tau),
      fix: `Pass a finite number above 0 as ${name}.`,
    });
}

/** A setting with its defaults filled in, or an error in the name of `where`; `units` says how long a vector is. */
export function readSetting(where: string, given: Some<Setting> | undefined, units?: number): Setting {
  const setting = readOptions<Some<Setting>, typeof settingFields>(where, given, settingFields, "setting"),
    { tau } = setting;
  if (units !== undefined && typeof tau !== "number" && tau.shape[0] !== units)
    fail(where, {
      expected: `setting.tau of ${units} time constants, one for every unit`,
      got: String(tau.shape[0]),
      fix: "Give every unit one, or one number for all.",
    });
  return setting;
}

/** The smallest time constant: no step is longer. */
export const smallestTau = ({ tau }: Setting): number =>
  typeof tau === "number" ? tau : tau.data.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);

/** Whether units differ in their time constants. */
export const hasUnitTimeConstants = ({ tau }: Setting): boolean =>
  typeof tau !== "number" && tau.data.some((value) => value !== tau.data[0]);

/** The time constant of all units; refuse a setting with one for each, where `what` needs one for all. */
export function oneTau(where: string, { tau }: Setting, what: string): number {
  if (typeof tau === "number") return tau;
  return fail(where, {
    expected: `one tau for all units: ${what}`,
    got: "a time constant for every unit",
    fix: "Give all units one: model.with({ tau: 1 }).",
  });
}

/** A setting as plain data: a custom activation by its name, time constants of units as a list. */
export const describeSetting = ({ tau, phi, reads }: Setting) => ({
  tau: typeof tau === "number" ? tau : Array.from(tau.data),
  phi: describeActivation(phi),
  reads,
});
