import type { Tensor as TfjsTensor, Tensor3D } from "@tensorflow/tfjs-core";
import { fail } from "../base";
import type { Head, OwnLoss, Seen } from "../rnn";
import type { Tensor3 } from "../tensor";
import { writeTfjs } from "./convert";
import { gradientsOf, headParams, shaped, valueOf, type HeadTensors } from "./gradients-of";

/** What a loss sees beside the outputs. Tensors are made when they are asked for, and disposed of afterwards. */
export interface LossView<H> {
  /** the batch's targets, 0 where the mask is 0 */
  readonly targets: Tensor3D;
  /** 1 to learn from, 0 to leave out, in the shape of the targets (or outputs): all 1 where the batch has no mask */
  readonly mask: Tensor3D;
  /** the parameters that train along */
  readonly head: H;
}

/** Parameters that train along, and a name for provenance. */
export interface HeadOptions<H> {
  /** where they start, by names that the model's parameters do not have. A variable takes the values of the run, so that the function, or a layer it calls, may use it directly */
  readonly head?: H;
  readonly name?: string;
}

/**
 * A loss written in tfjs operations, for `lossAndGradient`, `networkObjective` and `fitLowTensorRank`: `(outputs, { targets, mask, head }) => scalar`.
 * Its gradient comes from tfjs, goes into the scan's adjoint, and trains everything: start from `{ ...model.params, ...loss.params }`.
 *
 * @throws LtrnnError, when made or evaluated: no backend is ready; the loss is no scalar, or does not hang on the outputs or on one of its parameters; an operation
 * has no gradient; a trainable variable is used that is not in `head`
 * @remarks Outputs, targets and gradients go to tfjs and back in float32, O(trials · time · outputs), beside what the function costs.
 * @example tfjsLoss((outputs, { targets }) => tf.losses.meanSquaredError(targets, outputs)).kind // "own"
 */
export function tfjsLoss<H extends HeadTensors = {}>(
  f: (outputs: Tensor3D, view: LossView<H>) => TfjsTensor,
  { head = {} as H, name = f.name || "tfjsLoss" }: HeadOptions<H> = {},
): OwnLoss {
  const isScalar = shaped(
    "a scalar tensor, in float32",
    (shape) => shape.length === 0,
    "Return tf.mean(…) or tf.sum(…) of tensors, without dataSync and without async.",
  );
  const on = (seen: Seen) => (outputs: Tensor3D, tensors: H) => f(outputs, viewOf(seen, tensors));
  return {
    kind: "own",
    name,
    params: headParams("tfjsLoss", head),
    evaluate(seen, at) {
      const { value, dOutputs, gradients } = gradientsOf("tfjsLoss", seen.outputs, head, at, on(seen), isScalar);
      return { loss: value.data[0], dOutputs, gradients };
    },
    value: (seen, at) => valueOf("tfjsLoss", seen.outputs, head, at, on(seen), isScalar).data[0],
  };
}

/**
 * A head written in tfjs operations: outputs (trials × time × outputs) into a prediction (trials × time × n), with parameters that train along.
 * It is a decoder of `fitLowTensorRank`, or half of a loss: `headLoss(head)` for the squared error of its prediction.
 *
 * @throws LtrnnError as {@link tfjsLoss}, and when the prediction has other trials or times
 * @remarks As for {@link tfjsLoss}; the gradient runs the head once more.
 * @example tfjsHead((outputs, { gain }) => tf.mul(outputs, gain), { head: { gain: tf.scalar(2) } }).predict(tensor([1, 1, 2], [1, 2]), { gain: tensor([], [3]) }).data // [3, 6]
 */
export function tfjsHead<H extends HeadTensors = {}>(
  f: (outputs: Tensor3D, head: H) => TfjsTensor,
  { head = {} as H, name = f.name || "tfjsHead" }: HeadOptions<H> = {},
): Head {
  const fits = ({ shape: [trials, time] }: Tensor3) =>
    shaped(
      `a prediction (${trials} × ${time} × n), in float32`,
      (shape) => shape.length === 3 && shape[0] === trials && shape[1] === time,
      "Keep trials and time as they come; reshape back after a matMul, or take linear.",
    );
  return {
    kind: "head",
    name,
    params: headParams("tfjsHead", head),
    predict: (outputs, at) => valueOf("tfjsHead", outputs, head, at, f, fits(outputs)) as Tensor3,
    adjoint(outputs, dPrediction, at) {
      const { dOutputs, gradients } = gradientsOf("tfjsHead", outputs, head, at, f, fits(outputs), dPrediction);
      return { dOutputs, gradients };
    },
  };
}

function viewOf<H>(seen: Seen, head: H): LossView<H> {
  return {
    head,
    get targets() {
      if (!seen.targets)
        fail("tfjsLoss", {
          expected: "targets in the batch",
          got: "none",
          fix: "Give the batch targets, or close over what the loss compares with.",
        });
      return writeTfjs<Tensor3D>(seen.targets);
    },
    get mask() {
      const like = seen.targets ?? seen.outputs;
      return writeTfjs<Tensor3D>(seen.mask ?? { shape: like.shape, data: new Float32Array(like.data.length).fill(1) });
    },
  };
}
