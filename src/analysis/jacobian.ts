import { readOptions } from "../base";
import type { Network } from "../models";
import { checkFinite, checkSameShape, type Matrix, type Vector, zeros } from "../tensor";
import { type AtOptions, atFields, checkTrial, dynamicsOf } from "./dynamics";
import { slopesAt } from "./reduced-flow";

/** Which trial's weights. */
export type JacobianOptions = Pick<AtOptions, "trial">;

/**
 * The Jacobian of the dynamics at a state, `d(dx/dt)/dx = (-I + W^(k) diag(phi'(x))) / tau`, (units × units), row i
 * over the tau of unit i: entry (i, j) says how the velocity of unit i changes with the state of unit j. A step of
 * simulate with `dt` has the Jacobian `I + dt J`.
 *
 * @param state - x (units)
 * @throws {@link LtrnnError} when the state has another size or is not finite, or there is no such trial
 * @remarks O(units² · rank). At its kink relu has the derivative 0.
 * @example jacobian(FullRankRNN.random({ units: 4, inputs: 1 }, 1), zeros([4])).shape // [4, 4]
 */
export function jacobian(model: Network, state: Vector, options?: JacobianOptions): Matrix {
  const where = "jacobian",
    dynamics = dynamicsOf(where, model, undefined),
    { units, taus } = dynamics;
  const { trial } = readOptions<JacobianOptions, Pick<typeof atFields, "trial">>(where, options, {
    trial: atFields.trial,
  });
  checkTrial(where, model, trial);
  checkSameShape(where, "state", state, [units]);
  checkFinite(where, "state", state);
  const w = dynamics.weights(trial),
    slopes = slopesAt(dynamics, state.data),
    out = zeros([units, units]);
  for (let i = 0, entry = 0; i < units; i++)
    for (let j = 0; j < units; j++, entry++)
      out.data[entry] = (w.data[entry] * slopes[j] - (i === j ? 1 : 0)) / taus[i];
  checkFinite(where, "the Jacobian", out);
  return out;
}
