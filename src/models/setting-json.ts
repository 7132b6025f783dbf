import { fail, isRecord, readOptions, show, type FieldsOf } from "../base";
import { numbersFromJson } from "../data";
import { checkActivation, isCustomActivation, type Activation, type CustomActivation } from "../kernels";
import type { Setting } from "./network";
import { readSetting } from "./setting";

/** A setting as JSON: time constants of units as a list, a custom activation by its name alone. */
export interface JsonSetting {
  readonly tau: number | readonly number[];
  readonly phi: Activation | { readonly custom: string };
  readonly reads: "rates" | "states";
}

/** What JSON does not hold of a model. */
export interface ModelFunctions {
  /** the custom activation, where the model has one; default none */
  readonly phi?: CustomActivation | undefined;
}

const functionsTable = { phi: { is: "checked", check: checkActivation } } as const satisfies FieldsOf<ModelFunctions>;

/** The setting of a model from its JSON, which is whole: nothing of it is filled in. */
export function settingFromJson(where: string, json: unknown, functions: ModelFunctions | undefined): Setting {
  const given = readOptions<ModelFunctions, typeof functionsTable>(where, functions, functionsTable, "functions").phi;
  if (!isRecord(json))
    fail(where, {
      expected: "setting to be a record { tau, phi, reads }",
      got: show(json),
      fix: "Save it again with toJSON().",
    });
  const tau = Array.isArray(json.tau) ? vectorOf(where, json.tau) : json.tau;
  const setting = readSetting(where, { ...json, tau, phi: activationFromJson(where, json.phi, given) } as Setting),
    missing = Object.keys(setting).find((key) => json[key] === undefined);
  if (missing === undefined) return setting;
  return fail(where, { expected: `setting.${missing} in json`, got: "undefined", fix: "Save it again with toJSON()." });
}

function vectorOf(where: string, numbers: unknown[]) {
  const data = numbersFromJson(where, "setting.tau", numbers);
  return { shape: [data.length] as const, data };
}

/** An activation by name, or the custom one that JSON names, which has to be given again. */
function activationFromJson(where: string, json: unknown, given: Setting["phi"] | undefined): unknown {
  const custom = isRecord(json) ? json.custom : undefined;
  if (custom === undefined && given === undefined) return json;
  if (given !== undefined && isCustomActivation(given) && given.name === custom) return given;
  return fail(where, {
    expected:
      custom === undefined
        ? "no custom activation: the model has none"
        : `the custom activation ${show(custom)} in functions.phi`,
    got: given === undefined ? "none" : isCustomActivation(given) ? show(given.name) : show(given),
    fix:
      custom === undefined
        ? "Leave it out."
        : "JSON holds no functions: pass { phi: … } with those that the model had.",
  });
}
