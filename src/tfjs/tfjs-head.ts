import type { Tensor as TfjsTensor, Tensor3D } from "@tensorflow/tfjs-core";
import type { Head } from "../losses";
import { checkTensor, type Tensor3 } from "../tensor";
import { evaluate, gradientsOf, shaped } from "./gradients-of";
import { headParams, readHeadOptions, type HeadOptions, type HeadTensors } from "./head-tensors";

/**
 * A head written in tfjs operations: outputs (trials × time × outputs) into a prediction (trials × time × n), with
 * parameters that train along. It is a decoder of `fitLowTensorRank`, or half of a loss: `headLoss(head)` for the
 * squared error of its prediction.
 *
 * @throws LtrnnError as {@link tfjsLoss}, and when the prediction has other trials or times
 * @remarks As for {@link tfjsLoss}; the gradient runs the head once more.
 * @example tfjsHead((outputs, { gain }) => tf.mul(outputs, gain), { head: { gain: tf.scalar(2) } }).predict(tensor([1,
 * 1, 2], [1, 2]), { gain: tensor([], [3]) }).data // [3, 6]
 */
export function tfjsHead<H extends HeadTensors = Record<never, never>>(
  f: (outputs: Tensor3D, head: H) => TfjsTensor,
  options: HeadOptions<H> = {},
): Head {
  const where = "tfjsHead",
    { head, name } = readHeadOptions(where, f, options);
  const of = (outputs: Tensor3 | undefined) => {
    const [trials, time] = Array.isArray(outputs?.shape) ? outputs.shape : [];
    const check = shaped(
      `a prediction (${trials} × ${time} × n), in float32`,
      (shape) => shape.length === 3 && shape[0] === trials && shape[1] === time,
      "Keep trials and time as they are: reshape back after a matMul, or take linear.",
    );
    return { where, head, compute: f, check };
  };
  return {
    kind: "head",
    name,
    params: headParams(head),
    predict: (outputs, params) => evaluate(of(outputs), outputs, params) as Tensor3,
    adjoint(outputs, dPrediction, params) {
      checkTensor(where, "dPrediction", dPrediction, 3);
      const { dOutputs, gradients } = gradientsOf(of(outputs), outputs, params, dPrediction);
      return { dOutputs, gradients };
    },
  };
}
