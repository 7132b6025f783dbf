import { isRecord, fail, readOptions, show, type FieldsOf } from "../base";
import type { Params } from "../tensor";
import type { Change, Network, Setting } from "./network";
import { settingFields } from "./setting";

const withoutDefault = <F extends { readonly fallback?: unknown }>({ fallback: _, ...field }: F) => field;

/** Parameters and setting of a model after a change. */
export function changed<P extends Params>(
  where: string,
  { params, setting }: { readonly params: P; readonly setting: Network["setting"] },
  change: Change<P>,
): readonly [params: P, setting: Setting] {
  const fields = {
    params: { is: "checked", check: checkRecord },
    tau: withoutDefault(settingFields.tau),
    phi: withoutDefault(settingFields.phi),
    reads: withoutDefault(settingFields.reads),
  } as const satisfies FieldsOf<Change<P>>;
  const { params: other, ...given } = readOptions<Change<P>, typeof fields>(where, change, fields, "change");
  const { tau = setting.tau, phi = setting.phi, reads = setting.reads } = given;
  return [
    { ...params, ...other },
    { tau, phi, reads },
  ];
}

function checkRecord(where: string, name: string, value: unknown): void {
  if (!isRecord(value))
    fail(where, {
      expected: `${name} to be a record of tensors`,
      got: show(value),
      fix: "Pass the parameters that change by their names.",
    });
}
