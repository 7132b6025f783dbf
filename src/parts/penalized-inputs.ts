import type { Params, Tensor3 } from "../tensor";
import type { InputModel } from "./input-model";

/** The penalty on the size of inputs: `l1 mean |u| + l2 mean u² / 2`. */
export interface InputPenalty {
  readonly l1: number;
  readonly l2: number;
}

/**
 * The same inputs, with a penalty on their size, over all trials, driven bins and inputs. Their columns of W_in are
 * scaled to a root mean square of 1, since a penalty on inputs whose weights can grow has no effect.
 *
 * @param driven - bins at the beginning of a trial that have inputs
 */
export function penalizedInputs(model: InputModel, { l1, l2 }: InputPenalty, driven: number): InputModel {
  if (l1 === 0 && l2 === 0) return model;
  const part = (params: Params) => model(params);
  const penalty = (params: Params): readonly [number, Params] => {
    const [u, adjoint] = model(params),
      [trials, , inputs] = u.shape,
      entries = trials * driven * inputs,
      du: Tensor3 = { shape: u.shape, data: u.data.map((x) => (l1 * Math.sign(x) + l2 * x) / entries) };
    let value = 0;
    for (let index = 0; index < u.data.length; index++) {
      const x = u.data[index];
      value += (l1 * Math.abs(x) + (l2 * x * x) / 2) / entries;
    }
    return [value, adjoint(du)];
  };
  const { description, inputs, start, flexible, changing, prior } = model;
  return Object.assign(part, {
    description: { ...description, l1, l2 },
    inputs,
    start,
    penalty,
    sized: new Array<boolean>(inputs).fill(true),
    ...(flexible ? { flexible } : {}),
    ...(changing ? { changing } : {}),
    ...(prior ? { prior } : {}),
  });
}
