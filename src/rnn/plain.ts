import type { Tensor } from "../tensor";
import type { Network, Setting } from "./network";

/** A model as plain JSON: every tensor as its shape and its numbers, which JSON keeps to the last bit. */
export interface ModelJson {
  readonly kind: "FullRankRNN" | "LowRankRNN" | "LowTensorRankRNN";
  readonly setting: Setting;
  readonly params: Readonly<Record<string, { readonly shape: readonly number[]; readonly data: readonly number[] }>>;
}

/** The JSON of a model; its parameters must be finite, for JSON has no NaN. */
export function modelJson(kind: ModelJson["kind"], { params, setting }: Network): ModelJson {
  const plain = ([name, x]: [string, Tensor | undefined]) =>
    x ? [[name, { shape: [...x.shape], data: [...x.data] }]] : [];
  return { kind, setting, params: Object.fromEntries(Object.entries(params).flatMap(plain)) };
}

/** The keys of a setting, out of a record that has others beside them. */
export function settingOf({ tau, phi, reads }: Partial<Setting>): Partial<Setting> {
  return {
    ...(tau === undefined ? {} : { tau }),
    ...(phi === undefined ? {} : { phi }),
    ...(reads === undefined ? {} : { reads }),
  };
}
