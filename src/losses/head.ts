import { fail, isCallable, isRecord, show } from "../base";
import type { Params, Tensor3 } from "../tensor";

/** A map from outputs to a prediction, with parameters that are trained too. */
export interface Head {
  readonly kind: "head";
  /** for provenance */
  readonly name: string;
  readonly params: Params;
  /** outputs (trials × time × outputs) into a prediction (trials × time × n) */
  predict(outputs: Tensor3, params: Params): Tensor3;
  /** gradients in the prediction into those in outputs and parameters */
  adjoint(
    outputs: Tensor3,
    dPrediction: Tensor3,
    params: Params,
  ): { readonly dOutputs: Tensor3; readonly gradients: Params };
}

/** Refuse what is no {@link Head}. */
export function checkHead(where: string, value: unknown): asserts value is Head {
  const head = (isRecord(value) ? value : {}) as Partial<Head>;
  if (
    head.kind !== "head" ||
    typeof head.name !== "string" ||
    !isRecord(head.params) ||
    !isCallable(head.predict) ||
    !isCallable(head.adjoint)
  )
    fail(where, {
      expected: 'head to be { kind: "head", name, params, predict, adjoint }',
      got: show(value),
      fix: "Make one with tfjsHead, or write these five.",
    });
}
