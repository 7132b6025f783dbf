import { checkWhole, fail, isRecord, readOptions, show } from "../base";
import { innovationNames } from "../losses";
import { checkPart, kernelFields, type SmoothFactors } from "../parts";

// What single options of a fit may be.

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

export function checkStaticRank(where: string, name: string, value: unknown): void {
  if (value !== "full") checkWhole(where, name, value as number, 0, 10_000);
}

/** Refuse what is no option `filter`. */
export function checkFilter(where: string, name: string, value: unknown): void {
  if (typeof value === "boolean" || innovationNames.includes(value as never)) return;
  const names = innovationNames.map((innovation) => `"${innovation}"`).join(", ");
  fail(where, {
    expected: `${name} to be true or false, or of counts what corrects states: ${names}`,
    got: show(value),
    fix: "Pass true: with counts it is the score.",
  });
}
