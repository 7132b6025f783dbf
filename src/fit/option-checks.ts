import { fail, isRecord, readOptions, show } from "../base";
import { checkPart, kernelFields, type SmoothFactors } from "../parts";
import { checkTensor, type Tensor3 } from "../tensor";

// What single options of a fit may be.

export const checkTensor3 = (where: string, name: string, value: unknown) =>
  checkTensor(where, name, value as Tensor3, 3);

export function checkInputs(where: string, name: string, value: unknown): void {
  if (Number.isInteger(value) && (value as number) >= 0) return;
  if (isRecord(value)) checkTensor(where, name, value as unknown as Tensor3, 3);
  else if (typeof value === "function") checkPart(where, name, value, "conditionInputs");
  else
    fail(where, {
      expected: `${name} to be a tensor (trials × time × inputs), or a whole number of inputs to learn`,
      got: show(value),
      fix: `Pass the known ${name} of every trial, or how many to learn, such as 4.`,
    });
}

export function checkTrialKernel(where: string, name: string, value: unknown): void {
  if (typeof value === "function") checkPart(where, name, value, "gaussianTrialFactors");
  else readOptions(where, value as SmoothFactors, kernelFields, name);
}

export function checkStart(where: string, name: string, value: unknown): void {
  if (!isRecord(value) || !isRecord(value.checkpoint))
    fail(where, {
      expected: `${name} to be an earlier fit, with its checkpoint`,
      got: show(value),
      fix: "Pass what fitLowTensorRank or a step of fitLowTensorRankSteps gave.",
    });
}
