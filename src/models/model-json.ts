import { fail, isRecord, readOptions, show } from "../base";
import { numbersFromJson, numbersToJson, type JsonNumber } from "../data";
import type { Params, Tensor } from "../tensor";
import type { Network, Setting } from "./network";
import { describeSetting } from "./setting";
import { settingFromJson, type JsonSetting, type ModelFunctions } from "./setting-json";

/** The latest version of the form below: readers refuse a later one. */
const schema = 2;

/**
 * The first version whose readers know all of a setting: time constants of units and custom activations came second.
 */
const versionFor = ({ tau, phi }: Setting) => (typeof tau === "number" && typeof phi === "string" ? 1 : 2);

/** A model as plain JSON: every tensor as its shape and its numbers, to the last bit; NaN is `{ "$": "NaN" }`. */
export interface ModelJson {
  readonly kind: "FullRankRNN" | "LowRankRNN" | "LowTensorRankRNN";
  /** of this form */
  readonly version: number;
  readonly setting: JsonSetting;
  readonly params: Readonly<
    Record<string, { readonly shape: readonly number[]; readonly data: readonly JsonNumber[] }>
  >;
}

/** The JSON of a model. */
export function modelJson(kind: ModelJson["kind"], { params, setting }: Network): ModelJson {
  const plain = ([name, x]: [string, Tensor | undefined]) =>
    x ? [[name, { shape: [...x.shape], data: numbersToJson(x.data) }]] : [];
  return {
    kind,
    version: versionFor(setting),
    setting: describeSetting(setting),
    params: Object.fromEntries(Object.entries(params).flatMap(plain)),
  };
}

const fields = {
  kind: { is: "text", needed: true },
  version: { is: "whole number", least: 1, most: schema, needed: true },
  setting: { is: "checked", check: () => {}, needed: true },
  params: { is: "checked", check: checkRecord, needed: true },
} as const;

function checkRecord(where: string, name: string, value: unknown): void {
  if (!isRecord(value))
    fail(where, {
      expected: `${name} to be a record of tensors`,
      got: show(value),
      fix: "Save it again with toJSON().",
    });
}

/**
 * What a model is made of, out of its parsed JSON; whether the parameters fit the kind is the constructor's to check.
 */
export function partsOfJson(
  where: string,
  json: unknown,
  kind: string,
  functions: ModelFunctions | undefined,
): { params: Params; setting: Setting } {
  const read = readOptions<object, typeof fields>(
    where,
    json === undefined ? (null as never) : (json as object),
    fields,
    "json",
  ) as ModelJson;
  if (read.kind !== kind)
    fail(where, {
      expected: `json of kind "${kind}"`,
      got: show(read.kind),
      fix: "Pass what toJSON() of such a model gave.",
    });
  const entries = Object.entries(read.params).map(([name, x]) => [name, tensorOf(where, name, x)] as const);
  return { params: Object.fromEntries(entries), setting: settingFromJson(where, read.setting, functions) };
}

function tensorOf(where: string, name: string, json: unknown): Tensor {
  const { shape, data } = isRecord(json) ? json : ({} as Record<string, unknown>);
  if (!Array.isArray(shape) || !shape.every((size) => Number.isSafeInteger(size) && size >= 0))
    fail(where, {
      expected: `params.${name} to be { shape, data }, with whole sizes`,
      got: shape === undefined ? show(json) : `the shape ${show(shape)}`,
      fix: "Save it again with toJSON().",
    });
  return { shape: [...shape] as number[], data: numbersFromJson(where, `params.${name}.data`, data) };
}
