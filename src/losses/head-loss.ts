import { fail, square } from "../base";
import { checkSameShape, checkTensor, zeros, type Params, type Tensor, type Tensor3 } from "../tensor";
import { lossValueOf, type CustomEvaluation, type CustomLoss, type Seen } from "./custom-loss";
import { checkHead, type Head } from "./head";
import { isCustom, type Loss } from "./loss";
import { readLoss } from "./loss-from";

/**
 * A head and a loss on its prediction, as one loss: half the mean squared error to the batch's targets, or a custom
 * loss.
 *
 * @throws {@link LtrnnError} when head and loss have a parameter of the same name, or for another loss of the library
 * @example headLoss({ kind: "head", name: "twice", params: {}, predict: (y) => ({ shape: y.shape,
 * data: y.data.map((x) => 2 * x) }), adjoint: (_, d) => ({ dOutputs: { shape: d.shape, data: d.data.map((x) =>
 * 2 * x) }, gradients: {} }) }).evaluate({ outputs: tensor([1, 1, 1], [3]), targets: tensor([1, 1, 1], [5]) },
 * {}).dOutputs.data // [2]
 */
export function headLoss(head: Head, loss?: Loss): CustomLoss {
  const where = "headLoss";
  checkHead(where, head);
  const given = readLoss(where, "loss", loss);
  if (!isCustom(given) && given.kind !== "meanSquaredError")
    fail(where, {
      expected: "half the mean squared error, or a custom loss",
      got: `a loss of the kind ${given.kind}, which reads the network's own outputs`,
      fix: "Write the loss of the head's prediction as a custom loss, with tfjsLoss.",
    });
  const custom = isCustom(given) ? given : squaredErrorLoss;
  const twice = Object.keys(head.params).find((name) => Object.hasOwn(custom.params, name));
  if (twice !== undefined)
    fail(where, {
      expected: "parameters of different names in head and loss",
      got: `${twice} in both`,
      fix: "Rename one.",
    });
  const predicted = (seen: Seen, params: Params): Seen => ({ ...seen, outputs: head.predict(seen.outputs, params) });
  return {
    kind: "custom",
    name: `${head.name}, ${custom.name}`,
    params: { ...head.params, ...custom.params },
    evaluate(seen, params): CustomEvaluation {
      const ofLoss = custom.evaluate(predicted(seen, params), params),
        ofHead = head.adjoint(seen.outputs, ofLoss.dOutputs, params);
      return { loss: ofLoss.loss, dOutputs: ofHead.dOutputs, gradients: { ...ofHead.gradients, ...ofLoss.gradients } };
    },
    value: (seen, params) => lossValueOf(custom, predicted(seen, params), params),
  };
}

/** Half the mean squared error over a mask, as a custom loss is written. */
const squaredErrorLoss: CustomLoss = {
  kind: "custom",
  name: "meanSquaredError",
  params: {},
  evaluate({ outputs, targets, mask }) {
    checkTensor("headLoss", "the prediction", outputs as Tensor, 3);
    if (!targets)
      fail("headLoss", {
        expected: "targets in the batch",
        got: "none",
        fix: "Give targets in the shape of the head's prediction.",
      });
    checkSameShape("headLoss", "targets", targets, outputs.shape);
    const dOutputs: Tensor3 = zeros(outputs.shape);
    let sum = 0,
      count = 0;
    for (let i = 0; i < dOutputs.data.length; i++) {
      if (mask && mask.data[i] === 0) continue;
      dOutputs.data[i] = outputs.data[i] - targets.data[i];
      sum += square(dOutputs.data[i]);
      count++;
    }
    if (count === 0)
      fail("headLoss", {
        expected: "at least one observed entry in the targets",
        got: "a mask of zeros",
        fix: "Set the mask to 1 where targets are to be learned.",
      });
    for (let i = 0; i < dOutputs.data.length; i++) dOutputs.data[i] /= count;
    return { loss: sum / 2 / count, dOutputs, gradients: {} };
  },
};
