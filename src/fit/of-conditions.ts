import { fail, show } from "../base";
import type { Label, Labels } from "../masks";
import type { PartDescription } from "../parts";
import { zeros, type Matrix, type Tensor3 } from "../tensor";
import type { LowTensorRankFit } from "./fit-result";
import type { NewCondition } from "./new-conditions";

/** The condition of a trial: its fitted trials, or the given values where there are none. */
export type ConditionOfTrial = { readonly fitted: readonly number[] } | { readonly made: NewCondition };

/** The condition of each new trial, among those that were fitted and those that are given. */
export function conditionsOf(
  where: string,
  fit: LowTensorRankFit,
  conditions: Labels | undefined,
  made: readonly NewCondition[],
  count: number,
): readonly ConditionOfTrial[] {
  const given: readonly Label[] = conditions
    ? (Array.from(conditions as ArrayLike<Label>) as Label[])
    : Array.from({ length: count }, () => fit.conditionLabels[0]);
  if (given.length !== count)
    fail(where, {
      expected: `${count} conditions, one per time`,
      got: String(given.length),
      fix: "Name the condition of each new trial.",
    });
  const unused = made.find(({ label }) => !given.includes(label));
  if (unused)
    fail(where, {
      expected: "every new condition to be that of a trial",
      got: `no trial of ${show(unused.label)}`,
      fix: "Name it in trials.conditions, or leave it out.",
    });
  return given.map((label) => {
    const row = fit.conditionLabels.indexOf(label),
      own = made.find((one) => one.label === label);
    if (own) return { made: own };
    if (row < 0)
      fail(where, {
        expected: `conditions that were fitted: ${listOf(fit.conditionLabels)}${
          made.length > 0 ? `, or are new: ${listOf(made.map((one) => one.label))}` : ""
        }`,
        got: show(label),
        fix: "Describe a new one in trials.newConditions: its label, inputs and initialState.",
      });
    return { fitted: fit.trialConditions.flatMap((condition, trial) => (condition === row ? [trial] : [])) };
  });
}

const listOf = (labels: readonly Label[]) => labels.map(String).join(", ");

/**
 * The inputs of each new trial: those given for its condition, or those of the first fitted trial of it, since learned
 * inputs are the same in all of them.
 */
export function inputsOf(where: string, fit: LowTensorRankFit, trials: readonly ConditionOfTrial[]): Tensor3 {
  const [, bins, count] = fit.inputs.shape,
    size = bins * count,
    drive: Tensor3 = zeros([trials.length, bins, count]);
  const { kind } = fit.provenance.facts.inputs as PartDescription;
  if (kind !== "conditionInputs" && count > 0 && trials.some((trial) => "fitted" in trial))
    fail(where, {
      expected: "trials.inputs, since what drove the fitted trials is not the same in all trials of a condition",
      got: `inputs of the kind ${kind}`,
      fix: "Pass what drives the new trials (trials × time × inputs).",
    });
  trials.forEach((trial, k) => {
    if ("fitted" in trial)
      drive.data.set(fit.inputs.data.subarray(trial.fitted[0] * size, (trial.fitted[0] + 1) * size), k * size);
    else if (trial.made.inputs) drive.data.set(trial.made.inputs.data, k * size);
  });
  return drive;
}

/**
 * The initial state of each new trial: the one given for its condition, the mean over its fitted trials, or the one
 * that all trials share.
 */
export function startsOf({ model, conditions }: LowTensorRankFit, trials: readonly ConditionOfTrial[]): Matrix {
  const { x0 } = model.params,
    units = x0.shape[1],
    starts = zeros([trials.length, units]);
  trials.forEach((trial, k) => {
    if ("made" in trial) starts.data.set(trial.made.initialState?.data ?? x0.data, k * units);
    else
      for (const one of trial.fitted)
        for (let i = 0; i < units; i++)
          starts.data[k * units + i] += x0.data[conditions[one] * units + i] / trial.fitted.length;
  });
  return starts;
}
