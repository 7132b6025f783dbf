import { fail, failingAs } from "../base";
import {
  describeLoss,
  headLoss,
  isCustom,
  isShipped,
  lossFrom,
  readLoss,
  type EntryLoss,
  type Loss,
  type LossDescription,
} from "../losses";
import { headOf } from "./decoder-choice";
import type { GivenFit } from "./fit-options";

/** The loss, and its factor of the readout, which is left to the decoder. */
export interface FitLoss {
  readonly loss: Loss;
  /** as it was given */
  readonly lossDescription: LossDescription;
  readonly gain: number;
  /** whether activity and outputs are compared in unit size: else in the unit of the activity */
  readonly standardized: boolean;
}

/** The option `training.loss`, with the head in it where there is one. */
export function readFitLoss(where: string, given: GivenFit, neurons: number): FitLoss {
  const loss = readLoss(where, "training.loss", given.training.loss),
    lossDescription = describeLoss(loss),
    head = headOf(given.decoder),
    plain = { lossDescription, gain: 1, standardized: false };
  if (head) return { ...plain, loss: failingAs(where, () => headLoss(head, loss)) };
  if (isCustom(loss)) return { ...plain, loss };
  const { gain = 1 } = loss,
    sized = ungained(loss.learned ? loss.learned.forOutputs(neurons) : loss),
    { outputs = neurons } = sized;
  if (outputs !== neurons)
    fail(where, {
      expected: `training.loss with numbers for ${neurons} neurons`,
      got: `numbers for ${outputs}`,
      fix: "Give dispersion, or logDispersion where it is learned, one number for each neuron, or one for all.",
    });
  return { lossDescription, loss: sized, gain, standardized: loss.description.kind === "meanSquaredError" };
}

/** The same loss with a gain of 1. */
function ungained(loss: EntryLoss): EntryLoss {
  if (loss.gain === undefined || loss.gain === 1) return loss;
  return isShipped(loss) ? lossFrom({ ...loss.description, gain: 1 }) : { ...loss, gain: 1 };
}
