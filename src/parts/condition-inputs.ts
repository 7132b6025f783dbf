import { random } from "../base";
import { zeros, type Tensor3 } from "../tensor";
import type { InputModel } from "./input-model";

/** Inputs of every condition (conditions × time × inputs). */
export type ConditionInputParams = { readonly u: Tensor3 };

/** Inputs that are learned, the same in all trials of a condition: the adjoint sums over these trials. */
export function conditionInputs(
  conditions: readonly number[],
  [rows, time, inputs]: Tensor3["shape"],
): InputModel<ConditionInputParams> {
  const size = time * inputs;
  const part = ({ u }: ConditionInputParams) => {
    const every = zeros([conditions.length, time, inputs]);
    conditions.forEach((row, trial) => {
      every.data.set(u.data.subarray(row * size, (row + 1) * size), trial * size);
    });
    const adjoint = (dEvery: Tensor3): ConditionInputParams => {
      const du = zeros([rows, time, inputs]);
      conditions.forEach((row, trial) => {
        for (let s = 0; s < size; s++) du.data[row * size + s] += dEvery.data[trial * size + s];
      });
      return { u: du };
    };
    return [every, adjoint] as const;
  };
  const start = (seed: number): ConditionInputParams => {
    const stream = random(seed, "fit u"),
      u = zeros([rows, time, inputs]);
    for (let index = 0; index < u.data.length; index++) u.data[index] = 0.1 * stream.normal();
    return { u };
  };
  return Object.assign(part, { description: { kind: "conditionInputs", inputs }, inputs, start });
}
