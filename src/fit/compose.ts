import { lossParamsOf } from "../losses";
import type { LowTensorRankRNN } from "../models";
import { networkPart, pick, type Readout } from "../parts";
import type { LossAndGradient } from "../run";
import type { Params, Tensor3 } from "../tensor";
import type { FitProblem } from "./fit-problem";
import { readoutInUnit } from "./output-unit";

/**
 * The network and inputs for given parameters, with the adjoint from gradients in both to gradients in the parameters.
 */
export interface Composed {
  readonly model: LowTensorRankRNN;
  readonly inputs: Tensor3;
  /** of the head and of the loss */
  readonly customParams: Params;
  adjoint(run: Pick<LossAndGradient<LowTensorRankRNN>, "customGradients" | "gradients" | "inputGradients">): Params;
}

type Composable = Pick<
  FitProblem,
  "inputs" | "trialFactors" | "initialStates" | "span" | "setting" | "loss" | "decoder" | "unit" | "standardized"
>;

const ofReadout = ["readout", "readoutGain", "readoutBias"];

/**
 * All parts of a fit at some parameters: inputs, trial factors, initial states, weights, decoder. Outputs are of unit
 * size where the loss needs that, or else in their unit.
 */
export function compose(problem: Composable, params: Params, inUnit = !problem.standardized): Composed {
  const { inputs, setting, loss, decoder, unit } = problem,
    customNames = Object.keys(lossParamsOf(loss)),
    taken = new Set([...inputs.names, ...customNames, ...decoder.names]),
    freeNames = Object.keys(params).filter((name) => !taken.has(name));
  const [drive, adjointOfInputs] = inputs.model(pick(params, inputs.names)),
    [standard, adjointOfDecoder] = decoder(pick(params, decoder.names)),
    [readout, adjointOfUnit] = inUnit ? readoutInUnit(standard, unit) : [standard, (d: Readout) => d],
    gain = inUnit ? 1 / unit.scale : 1, // innovations are in the unit of outputs
    free = { ...pick(params, freeNames), ...readout, ...scaledGain(params, gain) },
    [model, adjointOfModel] = networkPart(free, problem, setting);
  return {
    model,
    inputs: drive,
    customParams: pick(params, customNames),
    adjoint({ customGradients, gradients, inputGradients }) {
      const { readout: dReadout, readoutGain, readoutBias, ...ofModel } = adjointOfModel(gradients);
      return {
        ...customGradients,
        ...ofModel,
        ...scaledGain(ofModel, gain),
        ...adjointOfDecoder(adjointOfUnit(pick({ readout: dReadout, readoutGain, readoutBias }, ofReadout) as Readout)),
        ...adjointOfInputs(inputGradients),
      };
    },
  };
}

/** The gain of a filter times a number, where there is one. */
const scaledGain = ({ filterGain }: Params, by: number): Params =>
  filterGain ? { filterGain: { shape: filterGain.shape, data: filterGain.data.map((g) => by * g) } } : {};
