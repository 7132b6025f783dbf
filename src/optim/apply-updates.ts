import { fail, isRecord, show } from "../base";
import { checkSameShape, checkTensor, mapParams, type Params } from "../tensor";

/**
 * The parameters after an update, `p + u`; those without an update stay the same tensors.
 *
 * @throws {@link LtrnnError} when an update has another shape than its parameter, or belongs to none
 * @example applyUpdates({ x: tensor([2], [1, 2]) }, { x: tensor([2], [0.5, -1]) }).x.data // [1.5, 1]
 */
export function applyUpdates<P extends Params>(params: P, updates: Params): P {
  return updated("applyUpdates", params, updates);
}

export function updated<P extends Params>(where: string, params: P, updates: Params): P {
  checkRecord(where, "params", params);
  checkRecord(where, "updates", updates);
  for (const [name, p] of Object.entries(params)) if (p !== undefined) checkTensor(where, `params.${name}`, p);
  for (const [name, u] of Object.entries(updates)) {
    if (u === undefined) continue;
    const p = Object.hasOwn(params, name) ? params[name] : undefined;
    if (!p)
      fail(where, {
        expected: `updates of ${Object.keys(params).join(", ") || "no parameter"}`,
        got: name,
        fix: "Name every update as its parameter.",
      });
    checkSameShape(where, `updates.${name}`, u, p.shape);
  }
  return mapParams(params, (data, name) => {
    const u = Object.hasOwn(updates, name) ? updates[name]?.data : undefined;
    if (!u) return data;
    const moved = new Float64Array(data.length);
    for (let i = 0; i < data.length; i++) moved[i] = data[i] + u[i];
    return moved;
  });
}

function checkRecord(where: string, name: string, value: unknown): void {
  if (!isRecord(value))
    fail(where, {
      expected: `${name} to be a record of tensors`,
      got: show(value),
      fix: "Pass { name: tensor }.",
    });
}
