import type { Evaluation } from "../optim";
import { evaluateTrajectory, type Backpropagation } from "../run";
import type { Params } from "../tensor";
import { describeNetwork } from "./describe-network";
import { evaluationOf } from "./diverged";
import type { Objective } from "./objective";
import { inTrained, isSteady, gradientCallOf, type Batches, type StepOptions, type Trainable } from "./trainable";

/** The evaluation of a network's loss at some parameters, with the trajectory of the run. */
export type TrajectoryEvaluation = Backpropagation & Evaluation;

/**
 * `networkObjective` whose evaluations keep states, rates and adjoints, as `trajectoryCertificate` needs
 * them.
 *
 * @throws {@link LtrnnError} as networkObjective, and for the integrator "heun"
 * @remarks Memory O(trials · time · units) an evaluation; one thread.
 * @example trajectoryObjective(FullRankRNN.random({ units: 5, inputs: 1, outputs: 1 }, 1), { inputs: zeros([2, 9, 1]),
 * targets: zeros([2, 9, 1]) })({ w: zeros([5, 5]) }, 0).adjoints.shape // [2, 10, 5]
 */
export function trajectoryObjective(
  model: Trainable,
  batch: Batches,
  options?: StepOptions,
): Objective<Params, TrajectoryEvaluation> {
  const where = "trajectoryObjective",
    callAt = gradientCallOf(where, model, batch, options);
  const objective = (params: Params, step: number): TrajectoryEvaluation => {
    const { now, batch, options } = callAt(params, step);
    return evaluationOf(evaluateTrajectory(where, now, batch, options), (run: Backpropagation) =>
      inTrained(params, run),
    );
  };
  const describe = () => describeNetwork(model, batch, options);
  return Object.defineProperty(Object.assign(objective, { steady: isSteady(batch, options) }), "description", {
    get: describe,
  });
}
