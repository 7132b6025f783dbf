import type { LowTensorRankRNN } from "../models";
import { networkPart, pick } from "../parts";
import type { LossAndGradient } from "../run";
import type { Params, Tensor3 } from "../tensor";
import type { FitProblem } from "./fit-problem";

/** The network and inputs that parameters make, with what takes gradients in both back to the parameters. */
export interface Composed {
  readonly model: LowTensorRankRNN;
  readonly inputs: Tensor3;
  /** of the head and of a custom loss */
  readonly customParams: Params;
  adjoint(run: Pick<LossAndGradient<LowTensorRankRNN>, "customGradients" | "gradients" | "inputGradients">): Params;
}

type Composable = Pick<FitProblem, "inputs" | "trialFactors" | "initialStates" | "span" | "setting" | "loss">;

/** All parts of a fit at some parameters: inputs, trial factors, initial states, weights. */
export function compose(problem: Composable, params: Params): Composed {
  const { inputs, setting, loss } = problem,
    customNames = Object.keys(loss?.params ?? {}),
    taken = new Set([...inputs.names, ...customNames]),
    freeNames = Object.keys(params).filter((name) => !taken.has(name));
  const [drive, adjointOfInputs] = inputs.model(pick(params, inputs.names)),
    [model, adjointOfModel] = networkPart(pick(params, freeNames), problem, setting);
  return {
    model,
    inputs: drive,
    customParams: pick(params, customNames),
    adjoint: ({ customGradients, gradients, inputGradients }) => ({
      ...customGradients,
      ...adjointOfModel(gradients),
      ...adjointOfInputs(inputGradients),
    }),
  };
}
