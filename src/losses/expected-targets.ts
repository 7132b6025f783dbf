import { fail } from "../base";
import { checkTensor, type Tensor3 } from "../tensor";
import type { LossName } from "./kinds";
import { isCustom, type Loss, type LossDescription } from "./loss";
import { readLoss } from "./loss-from";

/**
 * The expected targets of a loss for given outputs of a network: counts per bin for losses on counts (divided by
 * `binWidth` they are rates), and the outputs themselves for others.
 *
 * @param outputs - (trials × time × outputs), such as `simulate` gives
 * @param loss - a loss of the library, its name or its description
 * @returns (trials × time × outputs)
 * @throws {@link LtrnnError} for a custom loss, which does not say what it expects
 * @example expectedTargets(tensor([1, 1, 1], [0]), poissonLoss({ link: "exp" })).data // [1]
 */
export function expectedTargets(outputs: Tensor3, loss: Loss | LossDescription | LossName): Tensor3 {
  const where = "expectedTargets";
  checkTensor(where, "outputs", outputs, 3);
  if (loss === undefined)
    fail(where, {
      expected: "the loss that the network was fitted by",
      got: "undefined",
      fix: 'Pass it, its name or its description, such as "poisson".',
    });
  const given = readLoss(where, "loss", loss);
  if (isCustom(given))
    fail(where, {
      expected: "a loss of entries, such as poissonLoss gives",
      got: `the custom loss ${given.name}`,
      fix: "Compute what it expects from the outputs yourself.",
    });
  const { mean } = given;
  return mean ? { shape: outputs.shape, data: outputs.data.map((y) => mean(y)) } : outputs;
}
