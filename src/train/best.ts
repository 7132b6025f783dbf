import { fail, isCallable, isRecord, readOptions, show, type FieldsOf } from "../base";
import type { Evaluation } from "../optim";
import { checkFinite, checkTensor, type Params, type Tensor } from "../tensor";

/** How the best parameters are chosen, and how long to wait for better ones. */
export interface BestOptions<P extends Params = Params> {
  /**
   * the loss to compare: the "validation" loss of the evaluation, its "training" loss, or a number from the parameters,
   * such as the loss on other trials. Default "validation"
   */
  readonly by?: "validation" | "training" | ((params: P, step: number) => number | Promise<number>);
  /** updates between comparisons, counted from step 0; default 1 */
  readonly every?: number;
  /** updates without better parameters after which the run has converged; default: no limit */
  readonly patience?: number;
}

/** The best parameters of a run so far. */
export interface Best<P extends Params = Params> {
  /** updates made before them */
  readonly step: number;
  /** "validation", "training", or the name of the function */
  readonly by: string;
  /** the loss that they are chosen by, at these parameters */
  readonly loss: number;
  readonly params: P;
}

export const bestTable = {
  by: { is: "checked", check: checkBy, fallback: "validation" },
  every: { is: "whole number", least: 1, fallback: 1 },
  patience: { is: "whole number", least: 1 },
} as const satisfies FieldsOf<BestOptions>;

/** {@link BestOptions} with their defaults. */
export type Looking = Required<Pick<BestOptions, "by" | "every">> & Pick<BestOptions, "patience">;

function checkBy(where: string, name: string, value: unknown): void {
  if (value === "validation" || value === "training" || isCallable(value)) return;
  fail(where, {
    expected: `${name} to be "validation", "training" or a function (params, step) => loss`,
    got: show(value),
    fix: `Pass one of these as ${name}.`,
  });
}

/** The best parameters after a comparison with the current ones. */
export async function better<P extends Params>(
  { by, every }: Looking,
  before: Best<P> | undefined,
  { step, params, evaluation }: { readonly step: number; readonly params: P; readonly evaluation: Evaluation },
): Promise<Best<P> | undefined> {
  if (step % every !== 0) return before;
  const loss = await lossBy(by, evaluation, params, step);
  return loss < (before?.loss ?? Infinity) ? { step, by: nameOf(by), loss, params } : before;
}

async function lossBy(
  by: Looking["by"],
  evaluation: Evaluation & { readonly validationLoss?: unknown },
  params: Params,
  step: number,
): Promise<number> {
  if (by === "training") return evaluation.loss;
  const loss = by === "validation" ? evaluation.validationLoss : await by(params, step);
  if (typeof loss === "number") return loss;
  return fail("train", {
    expected: by === "validation" ? "evaluations with a validationLoss" : "best.by to return a number",
    got: show(loss),
    fix:
      by === "validation"
        ? 'Give the batch a validation mask, or pass best.by: a function of the parameters, or "training".'
        : "Return the loss as a plain number.",
  });
}

/** The reason why a run out of patience has ended; undefined while it continues. */
export const impatience = ({ by, patience }: Looking, best: Best | undefined, step: number): string | undefined =>
  patience !== undefined && step - (best?.step ?? 0) >= patience
    ? `no lower ${nameOf(by)} loss in ${patience} updates`
    : undefined;

const nameOf = (by: Looking["by"]): string => (typeof by === "string" ? by : by.name || "custom");

/** Refuse to continue with the best parameters of another loss. */
export function checkSameBest(looking: Looking | undefined, earlier: Best | undefined): void {
  if (!looking || !earlier || nameOf(looking.by) === earlier.by) return;
  fail("train", {
    expected: `best.by "${earlier.by}", which the best parameters of start are known by`,
    got: show(nameOf(looking.by)),
    fix: "Ask for the same loss, or leave best out of start.",
  });
}

/** Refuse what are not best parameters of an earlier run. */
export function checkBest(where: string, name: string, value: unknown): void {
  const { params } = readOptions<Best, typeof bestFields>(where, value as Best, bestFields, name);
  for (const [key, p] of Object.entries(params)) {
    checkTensor(where, `${name}.params.${key}`, p as Tensor);
    checkFinite(where, `${name}.params.${key}`, p as Tensor);
  }
}

function checkRecord(where: string, name: string, value: unknown): void {
  if (!isRecord(value))
    fail(where, {
      expected: `${name} to be a record of parameters`,
      got: show(value),
      fix: "Pass the snapshot unchanged.",
    });
}

const bestFields = {
  step: { is: "whole number", least: 0, needed: true },
  by: { is: "text", needed: true },
  loss: { is: "number", needed: true },
  params: { is: "checked", check: checkRecord, needed: true },
} as const satisfies FieldsOf<Best>;

/** The options as plain data. */
export const describeBest = (looking: Looking | undefined) =>
  looking && {
    ...looking,
    by: typeof looking.by === "string" ? looking.by : { kind: "custom", name: looking.by.name },
  };
