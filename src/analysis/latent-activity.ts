import { fail, failingAs } from "../base";
import { numericalRank, pseudoInverse } from "../linalg";
import type { Network } from "../models";
import { checkFinite, checkTensor, concat, type Matrix, type Tensor3, transpose, zerosFor } from "../tensor";
import { dynamicsOf } from "./dynamics";
import { refuseRank } from "./overlaps";

/**
 * The latent variables of the states of a low-rank network: `x = A kappa + W_in v + b w + x_0 s`, by least squares; v
 * are its filtered inputs. They can be drawn on {@link latentField}.
 *
 * @param states - (trials × time × units), as simulate gives them
 * @returns kappa (trials × time × rank)
 * @throws {@link LtrnnError} when the network has full rank or a static part, sizes disagree, or A is not independent
 * of inputs, bias and initial states, so that kappa is not determined
 * @remarks O(trials · time · units · rank).
 * @see docs/theory.md, C2
 * @example latentActivity(LowRankRNN.random({ units: 20, inputs: 1, rank: 2 }, 1), zeros([5, 9, 20])).shape
 * // [5, 9, 2]
 */
export function latentActivity(model: Network, states: Tensor3): Tensor3 {
  const where = "latentActivity";
  return failingAs(where, () => {
    const { factors, units } = dynamicsOf(where, model, undefined);
    if (!factors || factors.own < factors.left.shape[1]) return refuseRank(where);
    checkTensor(where, "states", states, 3);
    if (states.shape[2] !== units)
      fail(where, {
        expected: `states of ${units} units`,
        got: `(${states.shape.join(" × ")})`,
        fix: "Pass states of this network, (trials × time × units).",
      });
    checkFinite(where, "states", states);
    const { left } = factors,
      rank = left.shape[1],
      { wIn, bias, x0 } = model.params;
    const column: Matrix = { shape: [units, bias ? 1 : 0], data: bias?.data ?? new Float64Array(0) },
      others = concat([wIn, column, transpose(x0)], 1),
      all = concat([left, others], 1);
    const found = numericalRank(all).rank - numericalRank(others).rank;
    if (found < rank)
      fail(where, {
        expected: `${rank} column factors that are independent of input weights, bias and initial states`,
        got: `${found} that are`,
        fix: "Lower the rank, or take the states apart yourself.",
      });
    const inverse = pseudoInverse(all),
      [trials, time] = states.shape,
      out = zerosFor(where, [trials, time, rank]);
    for (let row = 0; row < trials * time; row++)
      for (let r = 0; r < rank; r++) {
        let sum = 0;
        for (let i = 0; i < units; i++) sum += inverse.data[r * units + i] * states.data[row * units + i];
        out.data[row * rank + r] = sum;
      }
    checkFinite(where, "the latent variables", out);
    return out;
  });
}
