import type { Params, Tensor3 } from "../tensor";

/** What a loss of one's own sees: all trials at once. */
export interface Seen {
  /** (trials × time × outputs); with a plant, its states s_1 .. s_T */
  readonly outputs: Tensor3;
  /** those of the batch, 0 where the mask is 0 */
  readonly targets?: Tensor3;
  /** 1 to learn from, 0 to leave out, in the shape of the targets; absent: all */
  readonly mask?: Tensor3;
}

/** A loss with its gradients. */
export interface OwnEvaluation {
  readonly loss: number;
  /** dL/dy, in the shape of the outputs */
  readonly dOutputs: Tensor3;
  /** dL/dp for every one of the loss's own parameters */
  readonly gradients: Params;
}

/**
 * A loss of one's own over the outputs of all trials, with parameters of its own (a head) that are trained along. Write it by hand, or
 * in tfjs operations with `tfjsLoss` from `ltrnn/tfjs`.
 */
export interface OwnLoss {
  readonly kind: "own";
  /** for provenance */
  readonly name: string;
  /** where its own parameters start; names that the network's parameters do not have */
  readonly params: Params;
  evaluate(seen: Seen, params: Params): OwnEvaluation;
  /** the loss alone, for entries held out; absent: that of `evaluate` */
  value?(seen: Seen, params: Params): number;
}

/** What stands between the outputs and a prediction, with parameters of its own. */
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

/** The loss alone. */
export const valueOf = (own: OwnLoss, seen: Seen, params: Params): number =>
  own.value ? own.value(seen, params) : own.evaluate(seen, params).loss;

/** The same loss whose own parameters stand elsewhere. */
export const withParams = (own: OwnLoss, params: Params): OwnLoss => ({
  kind: "own",
  name: own.name,
  params: { ...own.params, ...params },
  evaluate: (seen, at) => own.evaluate(seen, at),
  value: (seen, at) => valueOf(own, seen, at),
});
