import { fail } from "../base";
import type { LowTensorRankRNN } from "../models";
import { checkFinite, checkSameShape, type Tensor3 } from "../tensor";
import { conditionInputs } from "../parts";
import type { InputModel } from "../parts";
import { knownInputs } from "../parts";
import { standardizeInputs } from "./standardize-inputs";

/** A model of inputs, with what brings known inputs back to their units. */
export interface FitInputs {
  readonly model: InputModel;
  /** of its parameters */
  readonly names: readonly string[];
  /** known inputs as they were given */
  readonly given?: Tensor3;
  modelInUnits(model: LowTensorRankRNN): LowTensorRankRNN;
}

/** The option `inputs` as a model of them: known ones, a number to learn in every condition, or a custom model. */
export function readInputs(
  where: string,
  inputs: Tensor3 | number | InputModel,
  conditions: { readonly rows: readonly number[]; readonly count: number },
  time: number,
): FitInputs {
  if (typeof inputs === "number")
    return {
      model: conditionInputs(conditions.rows, [conditions.count, time, inputs]),
      names: ["u"],
      modelInUnits: (model) => model,
    };
  const trials = conditions.rows.length;
  if (typeof inputs === "function") {
    const start = inputs.start(0),
      [value] = inputs(start);
    checkSameShape(where, "what the model of inputs makes", value, [trials, time, inputs.inputs]);
    return { model: inputs, names: Object.keys(start), modelInUnits: (model) => model };
  }
  if (inputs.shape[0] !== trials || inputs.shape[1] !== time)
    fail(where, {
      expected: `inputs (${trials} × ${time} × inputs)`,
      got: `(${inputs.shape.join(" × ")})`,
      fix: "Give each trial its inputs, or a number of inputs to learn.",
    });
  checkFinite(where, "inputs", inputs);
  const standard = standardizeInputs(where, inputs);
  return { model: knownInputs(standard.inputs), names: [], given: inputs, modelInUnits: standard.modelInUnits };
}
