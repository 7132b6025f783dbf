import type { Tensor as TfjsTensor, Tensor3D } from "@tensorflow/tfjs-core";
import { fail } from "../base";
import type { CustomLoss, Seen } from "../losses";
import { evaluate, gradientsOf, shaped } from "./gradients-of";
import { headParams, readHeadOptions, type HeadOptions, type HeadTensors } from "./head-tensors";
import { writeTfjs } from "./transfer";

/** What a loss sees beside the outputs. Tensors are made when they are asked for, and disposed of afterwards. */
export interface LossView<H> {
  /** the batch's targets, 0 where the mask is 0 */
  readonly targets: Tensor3D;
  /** 1 to learn from, 0 to leave out, in the shape of the targets (or outputs): all 1 where the batch has no mask */
  readonly mask: Tensor3D;
  /** the parameters that train along */
  readonly head: H;
}

/**
 * A custom loss written in tfjs operations, for `lossAndGradient`, `networkObjective` and `fitLowTensorRank`:
 * `(outputs, { targets, mask, head }) => scalar`. Its gradient comes from tfjs, goes into the scan's adjoint, and
 * trains everything: start from `{ ...model.params, ...loss.params }`.
 *
 * @throws LtrnnError when an option is none of these; and when evaluated: no backend is ready; the loss is no scalar,
 * or does not depend on the outputs or on one of its parameters; an operation has no gradient; a trainable variable is
 * used that is not in `head`
 * @remarks Outputs, targets and gradients go to tfjs and back in float32, O(trials · time · outputs), beside what the
 * function costs.
 * @example tfjsLoss((outputs, { targets }) => tf.losses.meanSquaredError(targets, outputs)).kind // "custom"
 */
export function tfjsLoss<H extends HeadTensors = Record<never, never>>(
  f: (outputs: Tensor3D, view: LossView<H>) => TfjsTensor,
  options: HeadOptions<H> = {},
): CustomLoss {
  const where = "tfjsLoss",
    { head, name } = readHeadOptions(where, f, options);
  const check = shaped(
    "a scalar tensor, in float32",
    (shape) => shape.length === 0,
    "Return tf.mean(…) or tf.sum(…) of tensors, without dataSync and without async.",
  );
  const seeing = (seen: Seen) => ({
    where,
    head,
    check,
    compute: (outputs: Tensor3D, tensors: H) => f(outputs, viewOf(seen, tensors)),
  });
  return {
    kind: "custom",
    name,
    params: headParams(head),
    evaluate(seen, params) {
      const { value, dOutputs, gradients } = gradientsOf(seeing(seen), seen?.outputs, params);
      return { loss: value.data[0], dOutputs, gradients };
    },
    value: (seen, params) => evaluate(seeing(seen), seen?.outputs, params).data[0],
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
      const { shape, data } = seen.targets ?? seen.outputs;
      return writeTfjs<Tensor3D>(seen.mask ?? { shape, data: new Float32Array(data.length).fill(1) });
    },
  };
}
