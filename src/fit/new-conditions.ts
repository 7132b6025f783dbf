import { fail, show, type FieldsOf } from "../base";
import { checkLabel, type Label } from "../masks";
import { checkFinite, checkTensor, shapeText, type Matrix, type Tensor, type Vector } from "../tensor";
import type { LowTensorRankFit } from "./fit-result";

/** A condition that was not fitted. */
export interface NewCondition {
  /** how `conditions` names it */
  readonly label: Label;
  /**
   * the inputs of its trials (time × inputs), in the inputs of the fit, the bins of a preparatory period first; absent:
   * where `inputs` gives those of each trial, or the fit has no inputs
   */
  readonly inputs?: Matrix;
  /** the initial state of its trials, one value per unit; absent: where all fitted trials have the same one */
  readonly initialState?: Vector;
}

/** The options of a new condition. */
export const newConditionFields = {
  label: { is: "checked", check: checkLabel, needed: true },
  inputs: { is: "checked", check: (where, name, value) => checkTensor(where, name, value, 2) },
  initialState: { is: "checked", check: (where, name, value) => checkTensor(where, name, value, 1) },
} as const satisfies FieldsOf<NewCondition>;

/**
 * Refuse new conditions that were fitted, are given twice, or lack what their trials need. `driven`: the inputs of all
 * trials are given apart from their conditions.
 */
export function checkNewConditions(
  where: string,
  fit: LowTensorRankFit,
  made: readonly NewCondition[],
  driven: boolean,
): void {
  const [, bins, count] = fit.inputs.shape,
    [states, units] = fit.model.params.x0.shape;
  made.forEach(({ label, inputs, initialState }, i) => {
    const name = `trials.newConditions[${i}]`;
    if (fit.conditionLabels.includes(label) || made.findIndex((one) => one.label === label) < i)
      fail(where, {
        expected: `${name}.label to name a condition that was neither fitted nor given before it`,
        got: show(label),
        fix: "Give every new condition a label of its own.",
      });
    if (driven && inputs)
      fail(where, {
        expected: `${name} without inputs, since trials.inputs says what drives every trial`,
        got: `inputs ${shapeText(inputs.shape)}`,
        fix: "Pass trials.inputs, or inputs of the new conditions.",
      });
    if (!driven && !inputs && count > 0)
      fail(where, {
        expected: `${name}.inputs ${shapeText([bins, count])}, or trials.inputs`,
        got: "neither",
        fix: "Pass what drives the trials of the new condition (time × inputs).",
      });
    if (inputs) checkShapeAndEntries(where, `${name}.inputs`, inputs, [bins, count]);
    if (initialState) checkShapeAndEntries(where, `${name}.initialState`, initialState, [units]);
    else if (states > 1)
      fail(where, {
        expected: `${name}.initialState ${shapeText([units])}, since fitted trials do not share one`,
        got: "undefined",
        fix: 'Pass what its trials start from, or fit with network: { initialStates: "shared" }.',
      });
  });
}

function checkShapeAndEntries(where: string, name: string, x: Tensor, shape: readonly number[]): void {
  if (x.shape.join() !== shape.join())
    fail(where, {
      expected: `${name} ${shapeText(shape)}`,
      got: shapeText(x.shape),
      fix: "Pass it in the sizes of the fit, the bins of a preparatory period among them.",
    });
  checkFinite(where, name, x);
}
