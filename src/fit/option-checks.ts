import { fail, isRecord, readOptions, show } from "../base";
import type { CustomLoss, Head } from "../losses";
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

export function checkDecoder(where: string, name: string, value: unknown): void {
  if (value === "linear" || value === "identity") return;
  const head = value as Partial<Head> | null;
  if (
    typeof value !== "object" ||
    head?.kind !== "head" ||
    !isRecord(head.params) ||
    typeof head.predict !== "function" ||
    typeof head.adjoint !== "function"
  )
    fail(where, {
      expected: `${name} to be "linear", "identity" or a head { kind: "head", name, params, predict, adjoint }`,
      got: show(value),
      fix: "Name one of the two, or make a head with tfjsHead.",
    });
}

export function checkLoss(where: string, name: string, value: unknown): void {
  const loss = value as Partial<CustomLoss> | null;
  if (
    typeof value !== "object" ||
    loss?.kind !== "custom" ||
    !isRecord(loss.params) ||
    typeof loss.evaluate !== "function"
  )
    fail(where, {
      expected: `${name} to be a custom loss { kind: "custom", name, params, evaluate }`,
      got: isRecord(value) && typeof value.kind === "string" ? `one of kind ${show(value.kind)}` : show(value),
      fix: "Make one with tfjsLoss, or leave it out for half the mean squared error.",
    });
}
