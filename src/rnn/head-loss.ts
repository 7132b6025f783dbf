import { fail, square } from "../base";
import { checkSameShape, zeros, type Params, type Tensor3 } from "../tensor";
import { meanSquaredError, type Loss } from "./loss";
import { valueOf, type Head, type OwnEvaluation, type OwnLoss, type Seen } from "./own-loss";

/**
 * A head and a loss on its prediction, as one loss: half the mean squared error to the batch's targets, or a loss of one's own.
 *
 * @throws {@link LtrnnError} when head and loss have a parameter of the same name, or for a Poisson loss
 * @example headLoss({ kind: "head", name: "twice", params: {}, predict: (y) => ({ shape: y.shape, data: y.data.map((x) => 2 * x) }), adjoint: (_, d) => ({ dOutputs: { shape: d.shape, data: d.data.map((x) => 2 * x) }, gradients: {} }) }).evaluate({ outputs: tensor([1, 1, 1], [3]), targets: tensor([1, 1, 1], [5]) }, {}).dOutputs.data // [2]
 */
export function headLoss(head: Head, loss: Loss = meanSquaredError): OwnLoss {
  if (loss.kind === "poisson")
    fail("headLoss", {
      expected: "half the mean squared error, or a loss of one's own",
      got: "a Poisson loss, whose gain belongs to the readout",
      fix: "Write the loss of the head's prediction as a loss of one's own, with tfjsLoss.",
    });
  const own = loss.kind === "own" ? loss : squaredErrorLoss;
  const twice = Object.keys(head.params).find((name) => own.params[name]);
  if (twice !== undefined)
    fail("headLoss", {
      expected: "parameters of different names in head and loss",
      got: `${twice} in both`,
      fix: "Rename one.",
    });
  const through = (seen: Seen, params: Params): Seen => ({ ...seen, outputs: head.predict(seen.outputs, params) });
  return {
    kind: "own",
    name: `${head.name}, ${own.name}`,
    params: { ...head.params, ...own.params },
    evaluate(seen, params): OwnEvaluation {
      const behind = own.evaluate(through(seen, params), params),
        before = head.adjoint(seen.outputs, behind.dOutputs, params);
      return { loss: behind.loss, dOutputs: before.dOutputs, gradients: { ...before.gradients, ...behind.gradients } };
    },
    value: (seen, params) => valueOf(own, through(seen, params), params),
  };
}

/** Half the mean squared error over a mask, as a loss of one's own is written. */
const squaredErrorLoss: OwnLoss = {
  kind: "own",
  name: "meanSquaredError",
  params: {},
  evaluate({ outputs, targets, mask }) {
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
    for (let at = 0; at < dOutputs.data.length; at++) {
      if (mask && mask.data[at] === 0) continue;
      dOutputs.data[at] = outputs.data[at] - targets.data[at];
      sum += square(dOutputs.data[at]);
      count++;
    }
    if (count === 0)
      fail("headLoss", {
        expected: "at least one observed entry in the targets",
        got: "a mask of zeros",
        fix: "Set the mask to 1 where targets are to be learned.",
      });
    for (let at = 0; at < dOutputs.data.length; at++) dOutputs.data[at] /= count;
    return { loss: sum / 2 / count, dOutputs, gradients: {} };
  },
};
