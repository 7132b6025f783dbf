import { fail } from "../base";
import type { PartDescription } from "../parts";
import { zeros, type Matrix, type Tensor3 } from "../tensor";
import type { LowTensorRankFit } from "./fit-result";

/** What drove the first fitted trial of each condition: learned inputs are the same in all of them. */
export function learnedInputs(where: string, fit: LowTensorRankFit, rows: readonly (readonly number[])[]): Tensor3 {
  const [, bins, count] = fit.inputs.shape,
    size = bins * count,
    drive: Tensor3 = zeros([rows.length, bins, count]);
  const { kind } = fit.provenance.facts.inputs as PartDescription;
  if (kind !== "conditionInputs" && count > 0)
    fail(where, {
      expected: "trials.inputs, since what drove the fitted trials is not the same in all trials of a condition",
      got: `inputs of the kind ${kind}`,
      fix: "Pass what drives the new trials (trials × time × inputs).",
    });
  rows.forEach(([trial], k) => {
    drive.data.set(fit.inputs.data.subarray(trial * size, (trial + 1) * size), k * size);
  });
  return drive;
}

/** The initial state of each new trial: the mean over the fitted trials of its condition. */
export function startsOf({ model, conditions }: LowTensorRankFit, rows: readonly (readonly number[])[]): Matrix {
  const { x0 } = model.params,
    units = x0.shape[1],
    starts = zeros([rows.length, units]);
  rows.forEach((trials, k) => {
    for (const trial of trials)
      for (let i = 0; i < units; i++)
        starts.data[k * units + i] += x0.data[conditions[trial] * units + i] / trials.length;
  });
  return starts;
}
