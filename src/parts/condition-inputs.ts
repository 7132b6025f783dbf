import { random } from "../base";
import { zeros, type Tensor3 } from "../tensor";
import { drivenPart, overTrials, type DrivenBins } from "./driven-bins";
import type { InputModel } from "./input-model";
import { standardNormal } from "./part";
import { freeCourses, type Courses } from "./smooth-courses";

/**
 * Parameters of the inputs of every condition (conditions × parameters of a course × inputs); without a prior, the
 * inputs themselves.
 */
export type ConditionInputParams = { readonly u: Tensor3 };

/**
 * Inputs that are learned, the same in all trials of a condition: free in every driven bin, or smooth courses, whose
 * parameters are then standard normal.
 */
export function conditionInputs(
  bins: DrivenBins,
  inputs: number,
  smooth?: Courses,
): InputModel<ConditionInputParams> & Required<Pick<InputModel<ConditionInputParams>, "flexible">> {
  const { size, ...over } = smooth ?? freeCourses(bins.driven);
  const part = ({ u }: ConditionInputParams) => {
    const [every, adjoint] = overTrials(over.courses(u), bins);
    return [every, (dEvery: Tensor3): ConditionInputParams => ({ u: over.adjoint(adjoint(dEvery)) })] as const;
  };
  const start = (seed: number): ConditionInputParams => {
    const stream = random(seed, "fit u"),
      u = zeros([bins.conditionCount, size, inputs]);
    for (let index = 0; index < u.data.length; index++) u.data[index] = 0.1 * stream.normal();
    return { u };
  };
  const flexible = {
    first: 0,
    count: inputs,
    near: (wanted: Tensor3): ConditionInputParams => ({ u: over.near(drivenPart(wanted, bins.driven)) }),
  };
  return Object.assign(part, {
    description: { kind: "conditionInputs", inputs },
    inputs,
    start,
    flexible,
    ...(smooth ? { prior: standardNormal<ConditionInputParams>, sized: new Array<boolean>(inputs).fill(true) } : {}),
  });
}
