import { failingAs, provenance, type Provenance, readOptions } from "../base";
import { oneTau, type Network } from "../models";
import { checkFinite, checkSameShape, checkTensor, type Matrix, zerosFor } from "../tensor";
import { type AtOptions, atFields, checkTrial, dynamicsOf } from "./dynamics";
import { latentActivityAt } from "./fixed-point";
import { refuseRank } from "./overlaps";

/** Velocities of latent variables. Plain data. */
export interface LatentDynamics {
  /** dkappa/dt (points × rank) */
  readonly velocity: Matrix;
  /** x = A kappa + W_in u + b (points × units) */
  readonly states: Matrix;
  readonly provenance: Provenance;
}

/**
 * The latent dynamics of a low-rank network: under a constant input, its states are `x = A kappa + W_in u + b`, with
 *
 *     tau dkappa_r/dt = -kappa_r + c_r(k) b_r' phi(A kappa + W_in u + b)
 *
 * so `rank` numbers describe a state. A, and so the meaning of kappa, is the same at all trials. For a LowRankRNN, A is
 * M, B is N and c is 1.
 *
 * @param kappa - latent variables of any states (points × rank)
 * @throws {@link LtrnnError} when the network has full rank or a static part, sizes disagree, or there is no such trial
 * @remarks O(points · units · rank).
 * @see docs/theory.md, Fixed points; Mastrogiuseppe & Ostojic (2018), Neuron 99
 * @example latentDynamics(LowRankRNN.random({ units: 50, inputs: 1, rank: 2 }, 1), zeros([3, 2])).velocity.shape
 * // [3, 2]
 */
export function latentDynamics(model: Network, kappa: Matrix, options?: AtOptions): LatentDynamics {
  const where = "latentDynamics",
    { trial, input } = readOptions<AtOptions, typeof atFields>(where, options, atFields);
  return failingAs(where, () => {
    const evaluate = latentFlow(where, model, { trial, input });
    checkTensor(where, "kappa", kappa, 2);
    checkSameShape(where, "kappa", kappa, [kappa.shape[0], evaluate.rank]);
    checkFinite(where, "kappa", kappa);
    const [points, rank] = kappa.shape,
      velocity = zerosFor(where, [points, rank]),
      states = zerosFor(where, [points, model.units]);
    for (let p = 0; p < points; p++) {
      const at = evaluate.at(kappa.data.subarray(p * rank, (p + 1) * rank));
      velocity.data.set(at.velocity, p * rank);
      states.data.set(at.state, p * model.units);
    }
    checkFinite(where, "the velocities", velocity);
    return { velocity, states, provenance: provenance(where, null, { trial, input }, { points }) };
  });
}

/** dkappa/dt, one point after the other. */
export interface LatentFlow {
  readonly rank: number;
  at(kappa: Float64Array): { readonly velocity: Float64Array; readonly state: Float64Array };
}

/** The latent dynamics of a network, checked. */
export function latentFlow(
  where: string,
  model: Network,
  { trial, input }: { readonly trial: number; readonly input: AtOptions["input"] },
): LatentFlow {
  const dynamics = dynamicsOf(where, model, input),
    { factors, units, drive, phi } = dynamics,
    tau = oneTau(where, model.setting, "rates of all latent variables are over it");
  checkTrial(where, model, trial);
  if (!factors || factors.own < factors.left.shape[1]) return refuseRank(where);
  const { left } = factors,
    rank = left.shape[1];
  return {
    rank,
    at(kappa) {
      const state = drive.slice();
      for (let i = 0, entry = 0; i < units; i++)
        for (let r = 0; r < rank; r++, entry++) state[i] += left.data[entry] * kappa[r];
      const { data } = latentActivityAt(dynamics, trial, state.map(phi.value));
      return { state, velocity: data.map((value, r) => (value - kappa[r]) / tau) };
    },
  };
}
