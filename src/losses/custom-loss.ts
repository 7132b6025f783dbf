import { fail, isCallable, isRecord, show } from "../base";
import { checkTensor, type Params, type Tensor, type Tensor3 } from "../tensor";

/** What a custom loss sees: all trials at once. */
export interface Seen {
  /** (trials × time × outputs); with a plant, its states s_1 .. s_T */
  readonly outputs: Tensor3;
  /** those of the batch, 0 where the mask is 0 */
  readonly targets?: Tensor3 | undefined;
  /** 1 to learn from, 0 to leave out, in the shape of the targets; absent: all */
  readonly mask?: Tensor3 | undefined;
}

/** A custom loss with its gradients. */
export interface CustomEvaluation {
  readonly loss: number;
  /** dL/dy, in the shape of the outputs */
  readonly dOutputs: Tensor3;
  /** dL/dp for every parameter of the loss */
  readonly gradients: Params;
}

/**
 * A custom loss over the outputs of all trials, with parameters (a head) that are trained too. Write it by hand, or in
 * tfjs operations with `tfjsLoss` from `ltrnn/tfjs`.
 */
export interface CustomLoss {
  readonly kind: "custom";
  /** for provenance */
  readonly name: string;
  /** where its parameters start; names that the network's parameters do not have */
  readonly params: Params;
  evaluate(seen: Seen, params: Params): CustomEvaluation;
  /** the loss alone, for the validation entries; absent: that of `evaluate` */
  value?(seen: Seen, params: Params): number;
}

/** Refuse what is no {@link CustomLoss}. */
export function checkCustomLoss(where: string, name: string, value: unknown): CustomLoss {
  const loss = (isRecord(value) ? value : {}) as Partial<CustomLoss>;
  if (loss.kind !== "custom" || typeof loss.name !== "string" || !isRecord(loss.params) || !isCallable(loss.evaluate))
    fail(where, {
      expected: `${name} to be a custom loss { kind: "custom", name, params, evaluate }`,
      got:
        isRecord(value) && typeof value.kind === "string" && value.kind !== "custom"
          ? `one of kind ${show(value.kind)}`
          : show(value),
      fix: "Make one with tfjsLoss, or write these four.",
    });
  if (loss.value !== undefined && !isCallable(loss.value))
    fail(where, {
      expected: `${name}.value to be a function`,
      got: show(loss.value),
      fix: "Leave it out, or return the loss.",
    });
  for (const [key, p] of Object.entries(loss.params))
    if (p !== undefined) checkTensor(where, `${name}.params.${key}`, p as Tensor);
  return value as CustomLoss;
}

/** The loss alone. */
export const lossValueOf = (custom: CustomLoss, seen: Seen, params: Params): number =>
  custom.value ? custom.value(seen, params) : custom.evaluate(seen, params).loss;

/** The same loss whose parameters stand elsewhere. */
export const withParams = (custom: CustomLoss, params: Params): CustomLoss => ({
  kind: "custom",
  name: custom.name,
  params: { ...custom.params, ...params },
  evaluate: (seen, now) => custom.evaluate(seen, now),
  value: (seen, now) => lossValueOf(custom, seen, now),
});
